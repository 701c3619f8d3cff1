/** What may be noted of an iteration over bytes. `got` and `done` may throw: that ends the iteration. */
export interface BytesHooks {
  /** The consumer asks for the next chunk. */
  readonly asked?: () => void
  readonly got?: (chunk: Uint8Array) => void
  /** The last chunk was given. */
  readonly done?: () => void
  /** The consumer left early, or something was thrown. */
  readonly stopped?: () => void
  /** What is thrown instead of what was thrown. */
  readonly translated?: (thrown: unknown) => unknown
}

/** The same bytes, observed. Unlike a generator, it closes what is within also if it is left before the first chunk. */
export const aroundBytes = (
  bytes: AsyncIterable<Uint8Array>,
  { asked, got, done, stopped, translated = (thrown) => thrown }: BytesHooks,
): AsyncIterable<Uint8Array> => ({
  [Symbol.asyncIterator]: () => {
    const inner = bytes[Symbol.asyncIterator]()
    const close = async (): Promise<IteratorReturnResult<undefined>> => {
      stopped?.()
      await inner.return?.()
      return { done: true, value: undefined }
    }
    return {
      next: async () => {
        try {
          asked?.()
          const result = await inner.next()
          if (result.done === true) done?.()
          else got?.(result.value)
          return result
        } catch (thrown) {
          const translation = translated(thrown)
          await close().catch(() => undefined)
          throw translation
        }
      },
      return: close,
    }
  },
})
