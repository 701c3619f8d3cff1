import { ImageException, integrityFailed, unavailable, type ErrorSite } from '@imago/core'
import { rangeError, type Span } from './range.ts'
import { toIterable } from './to-iterable.ts'

/** The bytes of `span` in a response that starts with byte `at`. */
export const cutResponse = (
  bytes: AsyncIterable<Uint8Array>,
  at: number,
  { start, end }: Span,
  size: number | null,
  where: string,
  site: ErrorSite,
  close: () => void,
): AsyncIterable<Uint8Array> => {
  const inner = bytes[Symbol.asyncIterator]()
  let position = at
  /** The error for an early end. A request from that position may return the rest. */
  const endedEarly = (how: string): ImageException =>
    new ImageException(
      unavailable(site, {
        what: `${where} ended after ${position} ${size === null ? 'bytes, before its end' : `of ${size} bytes`}${how}`,
        hint: 'Retry; if it ends there again, the file there or its server is damaged',
        truncated: { received: position, expected: size },
      }),
    )
  const wrongSize = (what: string): ImageException =>
    new ImageException(integrityFailed(site, { what, expected: `${size} bytes`, actual: `${position} bytes` }))
  const isAll = (): boolean => end !== null && position >= end
  const next = async (): Promise<Uint8Array | null> => {
    // At the end of the file, the response is read to its own end, because surplus bytes may arrive in a separate chunk.
    while (!isAll() || end === size) {
      const result = await inner.next().catch((thrown: unknown): IteratorReturnResult<undefined> => {
        if (isAll()) return { done: true, value: undefined }
        const error = ImageException.is(thrown) ? thrown.error : null
        throw error?._tag === 'Unavailable' && error.truncated !== undefined
          ? endedEarly(': the connection broke')
          : thrown
      })
      if (result.done === true) {
        if (isAll()) return null
        if (size !== null) throw endedEarly('')
        if (position < start) throw new ImageException(rangeError(site, { start, end }, position))
        return null
      }
      const chunk = result.value
      const isWanted = position >= start && (end === null || position + chunk.length <= end)
      // A whole chunk stays the one that can be released.
      const wanted = isWanted
        ? chunk
        : chunk.subarray(Math.max(0, start - position), end === null ? undefined : Math.max(0, end - position))
      position += chunk.length
      if (size !== null && position > size) throw wrongSize(`${where} sent more bytes than announced`)
      if (wanted.length > 0) return wanted
    }
    return null
  }
  return toIterable({
    next,
    close: async () => {
      try {
        await inner.return?.()
      } finally {
        close()
      }
    },
  })
}
