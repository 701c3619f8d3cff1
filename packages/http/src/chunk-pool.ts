/** Who still uses a chunk, and what to do when nobody does. */
interface Use {
  holders: number
  readonly free: () => void
}

const uses = new WeakMap<Uint8Array, Use>()

/** Chunks of one size that are used again once they are released. */
export interface ChunkPool {
  /** Of a chunk, in bytes. */
  readonly size: number
  /** A chunk with arbitrary contents, in shared memory, so that a thread can read it without a copy. */
  readonly take: () => Buffer
}

/**
 * Creates a pool for bytes in transit. A new buffer for each chunk costs as much CPU time as to send it: V8 collects garbage after
 * every few dozen mebibytes. Chunks that are not released are garbage as usual.
 * @param size of a chunk, in bytes.
 */
export const createChunkPool = (size: number): ChunkPool => {
  const free: Buffer[] = []
  return {
    size,
    take: () => {
      const chunk = free.pop() ?? Buffer.from(new SharedArrayBuffer(size))
      uses.set(chunk, { holders: 1, free: () => void free.push(chunk) })
      return chunk
    },
  }
}

/** `ArrayBuffer` since Node 21. */
interface Transferable {
  readonly transfer?: (length: number) => ArrayBuffer
}

/**
 * Frees the memory of a received chunk when it is released. On Node 26, V8 would otherwise collect all garbage after every few dozen mebibytes.
 * For chunks that nothing else refers to.
 */
export const freeOnRelease = (chunk: Uint8Array): void => {
  const { buffer } = chunk
  // Part of a larger buffer: others may use the rest.
  if (buffer.byteLength !== chunk.length) return
  uses.set(chunk, { holders: 1, free: () => void (buffer as Transferable).transfer?.(0) })
}

/** Keeps a chunk of a pool from being used again until it is released once more. False: it is of no pool. */
export const retainChunk = (chunk: Uint8Array): boolean => {
  const use = uses.get(chunk)
  if (use === undefined) return false
  use.holders += 1
  return true
}

/** Returns a chunk to its pool, if it is of one and nobody else retains it. The caller may not use it any more. */
export const releaseChunk = (chunk: unknown): void => {
  const use = chunk instanceof Uint8Array ? uses.get(chunk) : undefined
  if (use === undefined) return
  use.holders -= 1
  if (use.holders > 0) return
  uses.delete(chunk as Uint8Array)
  use.free()
}
