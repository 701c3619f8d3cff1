import type { BitReader } from './bit-reader.ts'
import { DecoderFault } from './fault.ts'

/** In bits: the longest Huffman code. */
const MAX_CODE_BITS = 20
/** Number of symbols that a selector applies to. */
const GROUP = 50
/** The selectors that a block of 900,000 symbols can use. Some encoders write a few more, which bzip2 1.0.7 and later ignore. */
const MAX_SELECTORS = 18_002

const damaged = (what: string): DecoderFault => new DecoderFault('damaged', `it is damaged (${what})`)

/** A canonical Huffman code: for each length, the first code, the number of codes, and the offset of their symbols. */
interface HuffmanCode {
  readonly shortest: number
  readonly longest: number
  readonly first: Int32Array
  readonly counts: Int32Array
  readonly offsets: Int32Array
  readonly symbols: Uint16Array
}

const toHuffmanCode = (lengths: Uint8Array): HuffmanCode => {
  const [first, counts, offsets] = [
    new Int32Array(MAX_CODE_BITS + 2),
    new Int32Array(MAX_CODE_BITS + 2),
    new Int32Array(MAX_CODE_BITS + 2),
  ]
  for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1
  let [code, offset] = [0, 0]
  for (let length = 1; length <= MAX_CODE_BITS; length += 1) {
    first[length] = code
    offsets[length] = offset
    const count = counts[length] ?? 0
    code = (code + count) << 1
    offset += count
  }
  const next = Int32Array.from(offsets)
  const symbols = new Uint16Array(lengths.length)
  lengths.forEach((length, symbol) => {
    const place = next[length] ?? 0
    symbols[place] = symbol
    next[length] = place + 1
  })
  return { shortest: Math.min(...lengths), longest: Math.max(...lengths), first, counts, offsets, symbols }
}

const readSymbol = (
  { bits, bit }: BitReader,
  { shortest, longest, first, counts, offsets, symbols }: HuffmanCode,
): number => {
  let code = bits(shortest)
  for (let length = shortest; length <= longest; length += 1) {
    const index = code - (first[length] as number)
    if (index < (counts[length] as number)) return symbols[(offsets[length] as number) + index] as number
    code = (code << 1) | bit()
  }
  throw damaged('invalid Huffman code')
}

/** The byte values that a block uses, in order: 16 bits for ranges of 16 values, then 16 bits for each range that is used. */
const readUsed = ({ bits, bit }: BitReader): Uint8Array => {
  const sixteenths = bits(16)
  const used: number[] = []
  for (let high = 0; high < 16; high += 1) {
    if ((sixteenths & (0x8000 >> high)) !== 0)
      for (let low = 0; low < 16; low += 1) if (bit() === 1) used.push(high * 16 + low)
  }
  if (used.length === 0) throw damaged('a block without byte values')
  return Uint8Array.from(used)
}

const readSelectors = ({ bits, bit }: BitReader, codes: number): Uint8Array => {
  const count = bits(15)
  if (count === 0) throw damaged('a block without selectors')
  const order = Array.from({ length: codes }, (_, index) => index)
  const selectors = new Uint8Array(Math.min(count, MAX_SELECTORS))
  for (let index = 0; index < count; index += 1) {
    let place = 0
    while (bit() === 1) if (++place >= codes) throw damaged('invalid selector')
    const [code = 0] = order.splice(place, 1)
    order.unshift(code)
    if (index < selectors.length) selectors[index] = code
  }
  return selectors
}

const readCode = ({ bits, bit }: BitReader, symbols: number): HuffmanCode => {
  const lengths = new Uint8Array(symbols)
  let length = bits(5)
  for (let symbol = 0; symbol < symbols; symbol += 1) {
    for (;;) {
      if (length < 1 || length > MAX_CODE_BITS) throw damaged('invalid code length')
      if (bit() === 0) break
      length += bit() === 1 ? -1 : 1
    }
    lengths[symbol] = length
  }
  return toHuffmanCode(lengths)
}

/** A block before the last decoding step. */
export interface Bzip2Block {
  /** CRC-32 of the decoded bytes, as bzip2 computes it. */
  readonly checksum: number
  /** Index of the entry of the first byte. */
  readonly origin: number
  readonly count: number
}

/**
 * Reads a block, without its magic, into `table`: the lowest 8 bits of an entry are a byte, the others the index of the next entry.
 * The time is bounded by the length of `table` for any bytes.
 */
export const readBlock = (reader: BitReader, table: Uint32Array): Bzip2Block => {
  const { bits, bit } = reader
  const checksum = ((bits(16) << 16) | bits(16)) >>> 0
  if (bit() === 1) throw new DecoderFault('unsupported', 'it is randomised, as only bzip2 before 0.9.5 wrote it')
  const origin = bits(24)
  const used = readUsed(reader)
  const codeCount = bits(3)
  if (codeCount < 2 || codeCount > 6) throw damaged('invalid number of Huffman codes')
  const selectors = readSelectors(reader, codeCount)
  const codes = Array.from({ length: codeCount }, () => readCode(reader, used.length + 2))
  const endOfBlock = used.length + 1
  const counts = new Uint32Array(256)
  let count = 0
  let [run, weight] = [0, 1]
  for (let taken = 0; ; taken += 1) {
    const code = codes[selectors[Math.floor(taken / GROUP)] ?? -1]
    if (code === undefined) throw damaged('a block with too few selectors')
    const symbol = readSymbol(reader, code)
    if (symbol <= 1) {
      // The length of a run in bijective base 2. Without this check it would overflow.
      if (weight > table.length) throw damaged('a run that is too long')
      run += weight << symbol
      weight <<= 1
      continue
    }
    if (run > 0) {
      if (count + run > table.length) throw damaged('a block that is too long')
      const byte = used[0] as number
      counts[byte] = (counts[byte] as number) + run
      table.fill(byte, count, count + run)
      count += run
      run = 0
      weight = 1
    }
    if (symbol === endOfBlock) break
    if (count >= table.length) throw damaged('a block that is too long')
    const place = symbol - 1
    const byte = used[place] as number
    used.copyWithin(1, 0, place)
    used[0] = byte
    counts[byte] = (counts[byte] as number) + 1
    table[count++] = byte
  }
  if (origin >= count) throw damaged('a block with an invalid origin')
  let sum = 0
  for (let byte = 0; byte < 256; byte += 1) {
    const these = counts[byte] as number
    counts[byte] = sum
    sum += these
  }
  for (let index = 0; index < count; index += 1) {
    const byte = (table[index] as number) & 0xff
    const place = counts[byte] as number
    counts[byte] = place + 1
    table[place] = (table[place] as number) | (index << 8)
  }
  return { checksum, origin, count }
}
