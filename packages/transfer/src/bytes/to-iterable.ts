/** A source of chunks. */
export interface Reading {
  /** The next chunk; `null`: the end. An error ends the reading. */
  readonly next: () => Promise<Uint8Array | null>
  /** Called once when the reading ends, for whatever reason. */
  readonly close: () => Promise<void>
}

/** An iterable over the chunks, for one pass. Unlike a generator, it calls `close` even if it is left before the first chunk. */
export const toIterable = ({ next, close }: Reading): AsyncIterable<Uint8Array> => {
  let isOver = false
  const end = async (): Promise<IteratorReturnResult<undefined>> => {
    if (!isOver) {
      isOver = true
      await close()
    }
    return { done: true, value: undefined }
  }
  const iterator: AsyncIterator<Uint8Array, undefined> = {
    next: async () => {
      if (isOver) return { done: true, value: undefined }
      try {
        const value = await next()
        return value === null ? await end() : { done: false, value }
      } catch (thrown) {
        await end().catch(() => undefined)
        throw thrown
      }
    },
    return: end,
  }
  return { [Symbol.asyncIterator]: () => iterator }
}
