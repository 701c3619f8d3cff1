import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { AbortSignalLike } from './abort.ts'
import { aborted, rejected, createErrorSite, type ErrorSite, type ImageError } from '../error/image-error.ts'
import { ImageException } from '../error/image-exception.ts'

/** A range of bytes: from `start` up to, not including, `end`; `null` is the end of the bytes. */
export interface ByteRange {
  readonly start: number
  readonly end: number | null
}

/** Bytes that can be read, more than once. Nothing is read before `open`. */
export interface ByteSource {
  /** In bytes; `null` when it is not known before reading. */
  readonly size: number | null
  /**
   * - Each call starts afresh: the same range gives the same bytes.
   * - Gives exactly the bytes of `range`, also where the server ignores ranges; a range that ends behind the last byte ends with it.
   * - A range that starts behind the last byte, or ends before it starts, is `Rejected`.
   * - A failure before the first byte is a value. One after it is thrown by the iteration, as an `ImageException`: bytes never just end early.
   * - Leaving the loop early closes what was opened. An aborted signal ends it with `Aborted`.
   * - Reads no further ahead than the consumer asks, but for a buffer of fixed size.
   */
  readonly open: (range?: ByteRange, signal?: AbortSignalLike) => TE.TaskEither<ImageError, AsyncIterable<Uint8Array>>
}

async function* chunksOf(
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

/** Bytes in memory, given in chunks. They are not copied: whoever changes them changes the source. `site` is where its errors say they come from. */
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
        rejected(site, { what: `there are no bytes from ${start} to ${end ?? 'the end'} among ${bytes.length}` }),
      )
    return async () => E.right(chunksOf(bytes.subarray(start, stop), chunkSize, site, signal))
  },
})
