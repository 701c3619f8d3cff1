import { DecoderFault } from './fault.ts'

/** Bits of bytes in memory, the highest first. */
export interface BitReader {
  /** `count` bits, at most 24, as a number. Throws where there are too few. */
  readonly bits: (count: number) => number
  readonly bit: () => number
  /** To the next whole byte. */
  readonly align: () => void
  /** How many bits have been taken, with those that were skipped. */
  readonly position: () => number
}

/** `skipped`: how many bits of the first byte have been taken before. */
export const createBitReader = (bytes: Uint8Array, skipped: number): BitReader => {
  let at = 0
  let word = 0
  let have = 0
  const bits = (count: number): number => {
    while (have < count) {
      if (at >= bytes.length) throw new DecoderFault('truncated', 'it is cut short')
      word = ((word << 8) | (bytes[at++] as number)) >>> 0
      have += 8
    }
    have -= count
    return (word >>> have) & ((1 << count) - 1)
  }
  bits(skipped)
  return {
    bits,
    bit: () => bits(1),
    align: () => void (have -= have % 8),
    position: () => at * 8 - have,
  }
}
