/** Bytes that are asked for one chunk after the other. */
export interface Reading {
  /** `null`: there are no more. What it throws ends the reading. */
  readonly next: () => Promise<Uint8Array | null>
  /** Called once, however the reading ends. */
  readonly close: () => Promise<void>
}

/** A reading as an iterable, for one pass. Unlike a generator, it closes also what was left before the first chunk. */
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
