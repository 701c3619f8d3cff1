import {
  integrityFailed,
  type ByteSource,
  type ErrorSite,
  type ImageError,
  type UploadOptions,
} from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { collect } from '../collect.ts'

/** Reads all bytes of a request, and reports them. `IntegrityFailed`: they have another size than announced. */
export const readSource = async (
  source: ByteSource,
  call: Pick<UploadOptions, 'signal' | 'onProgress'>,
  site: ErrorSite,
): Promise<E.Either<ImageError, Uint8Array>> => {
  const read = await collect(source, call)
  if (E.isLeft(read)) return read
  const bytes = read.right
  if (source.size !== null && source.size !== bytes.length)
    return E.left(
      integrityFailed(site, {
        what: 'the data have another size than announced',
        expected: `${source.size} bytes`,
        actual: `${bytes.length} bytes`,
      }),
    )
  call.onProgress?.(bytes.length)
  return E.right(bytes)
}
