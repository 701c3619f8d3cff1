import type { BitReader } from './bit-reader.ts'
import { DecoderFault } from './fault.ts'

const MOST_LENGTH = 20
const GROUP = 50
/** As many selectors as a block of 900 000 symbols can use; some encoders write a few more (bzip2 1.0.7 and later pass over them). */
const MOST_SELECTORS = 18_002

const damaged = (what: string): DecoderFault => new DecoderFault('damaged', `it is damaged (${what})`)

/** A canonical Huffman code: of each length, its first code, how many there are, and where their symbols begin. */
interface HuffmanCode {
  readonly shortest: number
  readonly longest: number
  readonly first: Int32Array
  readonly counts: Int32Array
  readonly offsets: Int32Array
  readonly symbols: Uint16Array
}

const codeOf = (lengths: Uint8Array): HuffmanCode => {
  const [first, counts, offsets] = [new Int32Array(MOST_LENGTH + 2), new Int32Array(MOST_LENGTH + 2), new Int32Array(MOST_LENGTH + 2)]
  for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1
  let [code, offset] = [0, 0]
  for (let length = 1; length <= MOST_LENGTH; length += 1) {
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

const readSymbol = ({ bits, bit }: BitReader, { shortest, longest, first, counts, offsets, symbols }: HuffmanCode): number => {
  let code = bits(shortest)
  for (let length = shortest; length <= longest; length += 1) {
    const index = code - (first[length] as number)
    if (index < (counts[length] as number)) return symbols[(offsets[length] as number) + index] as number
    code = (code << 1) | bit()
  }
  throw damaged('a code is none')
}

/** The bytes that a block uses, in order: 16 bits say which sixteenths, then 16 bits for each of those. */
const readUsed = ({ bits, bit }: BitReader): Uint8Array => {
  const sixteenths = bits(16)
  const used: number[] = []
  for (let high = 0; high < 16; high += 1) {
    if ((sixteenths & (0x8000 >> high)) !== 0) for (let low = 0; low < 16; low += 1) if (bit() === 1) used.push(high * 16 + low)
  }
  if (used.length === 0) throw damaged('a block uses no bytes')
  return Uint8Array.from(used)
}

const readSelectors = ({ bits, bit }: BitReader, codes: number): Uint8Array => {
  const count = bits(15)
  if (count === 0) throw damaged('a block has no selectors')
  const order = Array.from({ length: codes }, (_, index) => index)
  const selectors = new Uint8Array(Math.min(count, MOST_SELECTORS))
  for (let index = 0; index < count; index += 1) {
    let place = 0
    while (bit() === 1) if (++place >= codes) throw damaged('a selector is none')
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
      if (length < 1 || length > MOST_LENGTH) throw damaged('a length is none')
      if (bit() === 0) break
      length += bit() === 1 ? -1 : 1
    }
    lengths[symbol] = length
  }
  return codeOf(lengths)
}

/** A block, before the last step of its decoding. */
export interface Bzip2Block {
  readonly checksum: number
  /** Where the first byte is. */
  readonly origin: number
  readonly count: number
}

/**
 * Reads a block, after its magic, into `table`: each entry has a byte in its lowest 8 bits, and above those where the next entry is.
 * Takes a time in proportion to `table`'s length, whatever the bytes.
 */
export const readBlock = (reader: BitReader, table: Uint32Array): Bzip2Block => {
  const { bits, bit } = reader
  const checksum = ((bits(16) << 16) | bits(16)) >>> 0
  if (bit() === 1) throw new DecoderFault('unsupported', 'it was made by a bzip2 older than 0.9.5')
  const origin = bits(24)
  const used = readUsed(reader)
  const codeCount = bits(3)
  if (codeCount < 2 || codeCount > 6) throw damaged('a block has no codes')
  const selectors = readSelectors(reader, codeCount)
  const codes = Array.from({ length: codeCount }, () => readCode(reader, used.length + 2))
  const endOfBlock = used.length + 1
  const counts = new Uint32Array(256)
  let count = 0
  let [run, weight] = [0, 1]
  for (let taken = 0; ; taken += 1) {
    const code = codes[selectors[Math.floor(taken / GROUP)] ?? -1]
    if (code === undefined) throw damaged('a block has too few selectors')
    const symbol = readSymbol(reader, code)
    if (symbol <= 1) {
      // A run's length in digits of 1 and 2. Without this check it would outgrow the integers.
      if (weight > table.length) throw damaged('a run is too long')
      run += weight << symbol
      weight <<= 1
      continue
    }
    if (run > 0) {
      if (count + run > table.length) throw damaged('a block is too long')
      const byte = used[0] as number
      counts[byte] = (counts[byte] as number) + run
      table.fill(byte, count, count + run)
      count += run
      run = 0
      weight = 1
    }
    if (symbol === endOfBlock) break
    if (count >= table.length) throw damaged('a block is too long')
    const place = symbol - 1
    const byte = used[place] as number
    used.copyWithin(1, 0, place)
    used[0] = byte
    counts[byte] = (counts[byte] as number) + 1
    table[count++] = byte
  }
  if (origin >= count) throw damaged('a block has no beginning')
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
