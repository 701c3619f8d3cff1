import { DecoderFault } from './fault.ts'

/** Reads bits from bytes in memory, the most significant bit first. */
export interface BitReader {
  /** The next `count` bits, at most 24, as a number. Throws `DecoderFault` (`truncated`) if there are fewer. */
  readonly bits: (count: number) => number
  readonly bit: () => number
  /** Skips to the next byte boundary. */
  readonly align: () => void
  /** Number of bits read, including skipped ones. */
  readonly position: () => number
}

/** @param skipped number of bits of the first byte to skip. */
export const createBitReader = (bytes: Uint8Array, skipped: number): BitReader => {
  let at = 0
  let word = 0
  let have = 0
  const bits = (count: number): number => {
    while (have < count) {
      if (at >= bytes.length) throw new DecoderFault('truncated', 'it is truncated')
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
