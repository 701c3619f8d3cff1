/** Callbacks of an iteration over bytes. An exception of `onChunk` or `onEnd` ends the iteration. */
export interface BytesHooks {
  /** Called when the consumer requests the next chunk. */
  readonly onPull?: () => void
  readonly onChunk?: (chunk: Uint8Array) => void
  /** Called after the last chunk. */
  readonly onEnd?: () => void
  /** Called when the consumer leaves early, or after an exception. */
  readonly onClose?: () => void
  /** Replaces an exception. */
  readonly mapError?: (thrown: unknown) => unknown
}

/** The same bytes, with callbacks. Unlike a generator, it closes its source even if it is left before the first chunk. */
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
