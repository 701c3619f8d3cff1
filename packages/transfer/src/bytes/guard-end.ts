import { ImageException, type ImageError } from '@imago/core'
import { toIterable } from './to-iterable.ts'

/**
 * The same bytes, but the last chunk that has any is held back until `gate`, asked once when all the others have passed and the source is at its end, agrees:
 * whoever receives them cannot have them all without it. If it answers with an error, that is thrown, as `ImageException`.
 * Chunks without bytes are left out. A source without bytes ends only if the gate agrees, too.
 */
export const guardEnd = (bytes: AsyncIterable<Uint8Array>, gate: () => Promise<ImageError | null>): AsyncIterable<Uint8Array> => {
  const inner = bytes[Symbol.asyncIterator]()
  let held: Uint8Array | null = null
  let isPassed = false
  const following = async (): Promise<Uint8Array | null> => {
    for (;;) {
      const result = await inner.next()
      if (result.done === true) return null
      if (result.value.length > 0) return result.value
    }
  }
  const next = async (): Promise<Uint8Array | null> => {
    if (isPassed) return null
    held ??= await following()
    const after = held === null ? null : await following()
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
