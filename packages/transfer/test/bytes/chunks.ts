import { createErrorSite } from '@imago/core'
import fc from 'fast-check'

export const SITE = createErrorSite({ provider: 'file', cloud: null }, 'copy')

/** Deterministic bytes without repetition. */
export const pattern = (size: number): Buffer => {
  const bytes = Buffer.alloc(size)
  for (let index = 0; index < size; index += 1) bytes[index] = (index * 31 + (index >> 8) * 17 + (index >> 16)) & 0xff
  return bytes
}

/** `bytes` in chunks that end at `cuts`. */
export const cutAt = (bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] => {
  const ends = [...cuts.map((cut) => Math.min(cut, bytes.length)).toSorted((a, b) => a - b), bytes.length]
  return ends.map((end, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1], end))
}

export const anyCuts = (most: number): fc.Arbitrary<number[]> => fc.array(fc.nat(most), { maxLength: 12 })

export interface Watched {
  readonly bytes: AsyncIterable<Uint8Array>
  /** Number of calls of `return`. */
  readonly closed: () => number
  /** Number of requested chunks. */
  readonly requested: () => number
}

/** Yields the chunks, then throws `failure` if given. */
export const watched = (chunks: readonly Uint8Array[], failure: Error | null = null): Watched => {
  let closed = 0
  let requested = 0
  const iterator: AsyncIterator<Uint8Array, undefined> = {
    next: async () => {
      const value = chunks[requested++]
      if (value !== undefined) return { done: false, value }
      if (failure !== null) throw failure
      return { done: true, value: undefined }
    },
    return: async () => {
      closed += 1
      return { done: true, value: undefined }
    },
  }
  return { bytes: { [Symbol.asyncIterator]: () => iterator }, closed: () => closed, requested: () => requested }
}

export const gathered = async (bytes: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const chunks: Uint8Array[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** The received bytes, and the exception. */
export const readOutcome = async (
  bytes: AsyncIterable<Uint8Array>,
): Promise<{ readonly got: Buffer; readonly thrown: unknown }> => {
  const chunks: Uint8Array[] = []
  try {
    for await (const chunk of bytes) chunks.push(chunk)
    return { got: Buffer.concat(chunks), thrown: null }
  } catch (thrown) {
    return { got: Buffer.concat(chunks), thrown }
  }
}
