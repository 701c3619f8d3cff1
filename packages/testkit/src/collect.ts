import { ImageException, type Abortable, type ByteSource, type ImageError } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'

/** Reads all bytes of a source into memory. */
export const collect = async (source: ByteSource, { signal }: Abortable): Promise<E.Either<ImageError, Uint8Array>> => {
  const opened = await source.open(undefined, signal)()
  if (E.isLeft(opened)) return opened
  const chunks: Uint8Array[] = []
  try {
    for await (const chunk of opened.right) chunks.push(chunk)
  } catch (thrown) {
    if (ImageException.is(thrown)) return E.left(thrown.error)
    throw thrown
  }
  return E.right(Buffer.concat(chunks))
}
