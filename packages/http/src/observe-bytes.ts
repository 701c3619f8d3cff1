/** What may be noted of an iteration over bytes. `got` and `done` may throw: that ends the iteration. */
export interface BytesHooks {
  /** The consumer asks for the next chunk. */
  readonly onPull?: () => void
  readonly onChunk?: (chunk: Uint8Array) => void
  /** The last chunk was given. */
  readonly onEnd?: () => void
  /** The consumer left early, or something was thrown. */
  readonly onClose?: () => void
  /** What is thrown instead of what was thrown. */
  readonly mapError?: (thrown: unknown) => unknown
}

/** The same bytes, observed. Unlike a generator, it closes what is within also if it is left before the first chunk. */
export const observeBytes = (
  bytes: AsyncIterable<Uint8Array>,
  { onPull, onChunk, onEnd, onClose, mapError = (thrown) => thrown }: BytesHooks,
): AsyncIterable<Uint8Array> => ({
  [Symbol.asyncIterator]: () => {
    const inner = bytes[Symbol.asyncIterator]()
    const close = async (): Promise<IteratorReturnResult<undefined>> => {
      onClose?.()
      await inner.return?.()
      return { done: true, value: undefined }
    }
    return {
      next: async () => {
        try {
          onPull?.()
          const result = await inner.next()
          if (result.done === true) onEnd?.()
          else onChunk?.(result.value)
          return result
        } catch (thrown) {
          const translation = mapError(thrown)
          await close().catch(() => undefined)
          throw translation
        }
      },
      return: close,
    }
  },
})
