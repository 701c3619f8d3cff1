import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { AbortSignalLike } from './abort.ts'
import { aborted, rejected, createErrorSite, type ErrorSite, type ImageError } from '../error/image-error.ts'
import { ImageException } from '../error/image-exception.ts'

/** A range of bytes from `start` to `end`, exclusive; `null`: to the last byte. */
export interface ByteRange {
  readonly start: number
  readonly end: number | null
}

/** Bytes that can be read several times. Nothing is read before `open`. */
export interface ByteSource {
  /** In bytes; `null`: not known before reading. */
  readonly size: number | null
  /**
   * - Each call starts anew: the same range returns the same bytes.
   * - Returns exactly the bytes of `range`, even if the server ignores ranges. A range beyond the last byte ends with it.
   * - A range that starts beyond the last byte, or ends before it starts, gives `Rejected`.
   * - A failure before the first byte is returned. A later failure is thrown by the iteration as an `ImageException`: bytes never end early without an error.
   * - Leaving the loop early closes the source. An aborted signal ends the loop with `Aborted`.
   * - Reads ahead of the consumer only into a buffer of fixed size.
   */
  readonly open: (range?: ByteRange, signal?: AbortSignalLike) => TE.TaskEither<ImageError, AsyncIterable<Uint8Array>>
}

async function* readChunks(
  bytes: Uint8Array,
  chunkSize: number,
  site: ErrorSite,
  signal: AbortSignalLike | undefined,
): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += chunkSize) {
    if (signal?.aborted === true) throw new ImageException(aborted(site))
    yield bytes.subarray(start, start + chunkSize)
  }
}

/** Creates a source of bytes in memory. The bytes are not copied: changes to them change the source. `site` is the site of its errors. */
export const createByteSource = (
  bytes: Uint8Array,
  site: ErrorSite = createErrorSite({ provider: 'memory', cloud: null }, 'open'),
  chunkSize = 65_536,
): ByteSource => ({
  size: bytes.length,
  open: ({ start, end } = { start: 0, end: null }, signal) => {
    if (signal?.aborted === true) return TE.left(aborted(site))
    const stop = Math.min(end ?? bytes.length, bytes.length)
    if (start < 0 || start > stop)
      return TE.left(
        rejected(site, {
          what: `the range from ${start} to ${end ?? 'the end'} is not within the ${bytes.length} bytes`,
        }),
      )
    return async () => E.right(readChunks(bytes.subarray(start, stop), chunkSize, site, signal))
  },
})
