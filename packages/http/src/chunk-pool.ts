const releases = new WeakMap<Uint8Array, () => void>()

/** Chunks of one size that are used again once they are released. */
export interface ChunkPool {
  /** Of a chunk, in bytes. */
  readonly size: number
  /** A chunk with arbitrary contents. */
  readonly take: () => Buffer
}

/**
 * Creates a pool for bytes that are sent. A new buffer for each chunk costs as much CPU time as to send it: V8 collects garbage after
 * every few dozen mebibytes. Chunks that are not released are garbage as usual.
 * @param size of a chunk, in bytes.
 */
export const createChunkPool = (size: number): ChunkPool => {
  const free: Buffer[] = []
  return {
    size,
    take: () => {
      const chunk = free.pop() ?? Buffer.allocUnsafeSlow(size)
      releases.set(chunk, () => {
        releases.delete(chunk)
        free.push(chunk)
      })
      return chunk
    },
  }
}

/** Returns a chunk to its pool, if it is of one: nobody may use it any more. */
export const releaseChunk = (chunk: unknown): void => {
  if (chunk instanceof Uint8Array) releases.get(chunk)?.()
}
