import { ImageException, type ImageError } from '@imago/core'
import { toIterable } from './to-iterable.ts'

/**
 * The same bytes, with the last chunk held back until `gate` agrees, so that a consumer never has all of them without it. The gate is called once, when the source has ended.
 * An error of the gate is thrown as `ImageException`. Empty chunks are left out. For a source without bytes, the gate is called, too.
 */
export const guardEnd = (
  bytes: AsyncIterable<Uint8Array>,
  gate: () => Promise<ImageError | null>,
): AsyncIterable<Uint8Array> => {
  const inner = bytes[Symbol.asyncIterator]()
  let held: Uint8Array | null = null
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
    held ??= await nextChunk()
    const after = held === null ? null : await nextChunk()
    const given = held
    held = after
    if (after !== null) return given
    const refusal = await gate()
    if (refusal !== null) throw new ImageException(refusal)
    isPassed = true
    return given
  }
  return toIterable({ next, close: async () => void (await inner.return?.()) })
}
