/** The same bytes; `note` is called with each chunk before it is passed on. An error of `note` ends the iteration. */
export const observe = (
  bytes: AsyncIterable<Uint8Array>,
  note: (chunk: Uint8Array) => void,
): AsyncIterable<Uint8Array> => ({
  [Symbol.asyncIterator]: () => {
    const inner = bytes[Symbol.asyncIterator]()
    const close = async (): Promise<IteratorReturnResult<undefined>> => {
      await inner.return?.()
      return { done: true, value: undefined }
    }
    return {
      next: async () => {
        const result = await inner.next()
        if (result.done === true) return result
        try {
          note(result.value)
        } catch (thrown) {
          await close().catch(() => undefined)
          throw thrown
        }
        return result
      },
      return: close,
    }
  },
})
