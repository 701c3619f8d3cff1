import type { AbortSignalLike } from '@imago/core'
import { releaseChunk, type ChunkPool } from '@imago/http'
import { toIterable } from './to-iterable.ts'

/**
 * The same bytes, in chunks of `pool`; the last one may be shorter. Small chunks from a network are copied once, so that they can be hashed, inspected
 * and written without further copies. The consumer releases the chunks; those of `bytes` are released here. If the source fails, the bytes before that are returned first. Once the signal is
 * aborted, no more bytes are awaited than one chunk needs.
 */
export const joinChunks = (
  bytes: AsyncIterable<Uint8Array>,
  pool: ChunkPool,
  signal?: AbortSignalLike,
): AsyncIterable<Uint8Array> => {
  const inner = bytes[Symbol.asyncIterator]()
  let chunk: Uint8Array | null = null
  /** How many bytes of `chunk` are copied. */
  let copied = 0
  let failure: { readonly thrown: unknown } | null = null
  let hasEnded = false

  const receive = async (): Promise<void> => {
    try {
      const result = await inner.next()
      if (result.done !== true) {
        chunk = result.value
        copied = 0
        return
      }
    } catch (thrown) {
      failure = { thrown }
    }
    hasEnded = true
  }
  /** Copies bytes of `from` to `joined`, and returns how many. */
  const copy = (from: Uint8Array, joined: Uint8Array, length: number): number => {
    const count = Math.min(from.length - copied, joined.length - length)
    joined.set(from.subarray(copied, copied + count), length)
    copied += count
    if (copied === from.length) {
      releaseChunk(from)
      chunk = null
    }
    return count
  }
  const next = async (): Promise<Uint8Array | null> => {
    const joined = pool.take()
    let length = 0
    const isWaiting = (): boolean => !hasEnded && (length === 0 || signal?.aborted !== true)
    while (length < joined.length && (chunk !== null || isWaiting())) {
      if (chunk === null) await receive()
      if (chunk !== null) length += copy(chunk, joined, length)
    }
    if (length === joined.length) return joined
    if (length > 0) return joined.subarray(0, length)
    releaseChunk(joined)
    if (failure !== null) throw failure.thrown
    return null
  }
  return toIterable({ next, close: async () => void (await inner.return?.()) })
}
