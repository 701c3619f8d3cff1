import { ImageException, type ImageError } from '@imago/core'
import { toIterable } from './to-iterable.ts'

/**
 * The same bytes. The last chunk is withheld until `check` succeeds, so that a consumer never gets all bytes unchecked. The check is called once, when the
 * source has ended, also if it had no bytes. An error of the check is thrown as `ImageException`. Empty chunks are left out.
 */
export const guardEnd = (
  bytes: AsyncIterable<Uint8Array>,
  check: () => Promise<ImageError | null>,
): AsyncIterable<Uint8Array> => {
  const inner = bytes[Symbol.asyncIterator]()
  let pending: Uint8Array | null = null
  let isPassed = false
  const nextChunk = async (): Promise<Uint8Array | null> => {
    for (;;) {
      const result = await inner.next()
      if (result.done === true) return null
      if (result.value.length > 0) return result.value
    }
  }
  const next = async (): Promise<Uint8Array | null> => {
    if (isPassed) return null
    pending ??= await nextChunk()
    const after = pending === null ? null : await nextChunk()
    const given = pending
    pending = after
    if (after !== null) return given
    const refusal = await check()
    if (refusal !== null) throw new ImageException(refusal)
    isPassed = true
    return given
  }
  return toIterable({ next, close: async () => void (await inner.return?.()) })
}
