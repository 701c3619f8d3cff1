import { setImmediate } from 'node:timers/promises'
import { createBitReader } from './bit-reader.ts'
import { createByteReader, type ByteReader } from './byte-reader.ts'
import { readBlock, type Bzip2Block } from './bzip2-block.ts'
import { DecoderFault, type Decoder } from './fault.ts'

const CHUNK = 64 * 1024
/** In bytes: the most that precedes the symbols of a block, which is selectors and Huffman tables. */
const TABLES = 64 * 1024
/** The longest code of a symbol, in bits. */
const MAX_CODE_BITS = 20

/** Table of the CRC-32 of bzip2: polynomial 0x04c11db7, most significant bit first. */
const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24
  for (let turn = 0; turn < 8; turn += 1) value = (value & 0x80000000) === 0 ? value << 1 : (value << 1) ^ 0x04c11db7
  return value >>> 0
})

/** The bytes of a block, with its runs of 4 to 259 bytes expanded. Throws at the end if the checksum differs. */
function* decodeBlock({ checksum, origin, count }: Bzip2Block, table: Uint32Array): Generator<Uint8Array> {
  let crc = 0xffffffff
  let chunk = Buffer.allocUnsafeSlow(CHUNK)
  let size = 0
  let place = (table[origin] as number) >>> 8
  let [previous, run] = [-1, 0]
  for (let index = 0; index < count; index += 1) {
    const entry = table[place] as number
    place = entry >>> 8
    const byte = entry & 0xff
    let [value, copies] = [byte, 1]
    if (run === 4) {
      value = previous
      copies = byte
      previous = -1
      run = 0
    } else {
      run = byte === previous ? run + 1 : 1
      previous = byte
    }
    for (; copies > 0; copies -= 1) {
      crc = ((crc << 8) ^ (CRC[((crc >>> 24) ^ value) & 0xff] as number)) >>> 0
      chunk[size++] = value
      if (size === CHUNK) {
        yield chunk
        chunk = Buffer.allocUnsafeSlow(CHUNK)
        size = 0
      }
    }
  }
  if (size > 0) yield chunk.subarray(0, size)
  if ((crc ^ 0xffffffff) >>> 0 !== checksum)
    throw new DecoderFault('damaged', 'it is damaged (the checksum of a block differs)')
}

const isMagic = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x42 && bytes[1] === 0x5a && bytes[2] === 0x68 && (bytes[3] ?? 0) >= 0x31 && (bytes[3] ?? 0) <= 0x39

/** Whether these are the first bytes of another stream, which ends there. */
const isBeginning = (bytes: Uint8Array): boolean =>
  bytes.length < 4 && [0x42, 0x5a, 0x68].slice(0, bytes.length).every((byte, at) => bytes[at] === byte)

/**
 * One stream, without its first four bytes. Returns the bytes that were read after its end.
 * @param pending bytes of it that were read already.
 * @param level its block size, in units of 100,000 bytes.
 */
async function* decodeStream(
  reader: ByteReader,
  pending: Uint8Array,
  level: number,
): AsyncGenerator<Uint8Array, Uint8Array> {
  const table = new Uint32Array(level * 100_000)
  const enough = Math.ceil((table.length * MAX_CODE_BITS) / 8) + TABLES
  let buffered = pending
  let skipped = 0
  let combined = 0
  for (;;) {
    // A block has no length field, so enough input for any block is read before it is decoded.
    if (buffered.length < enough) buffered = Buffer.concat([buffered, await reader.take(enough - buffered.length)])
    const input = createBitReader(buffered, skipped)
    const magic = [input.bits(24), input.bits(24)]
    if (magic[0] === 0x177245 && magic[1] === 0x385090) {
      const checksum = ((input.bits(16) << 16) | input.bits(16)) >>> 0
      if (checksum !== combined) throw new DecoderFault('damaged', 'it is damaged (the checksum of the stream differs)')
      input.align()
      return buffered.subarray(input.position() / 8)
    }
    if (magic[0] !== 0x314159 || magic[1] !== 0x265359)
      throw new DecoderFault('damaged', 'it is damaged (invalid block header)')
    const block = readBlock(input, table)
    const bits = input.position()
    buffered = buffered.subarray(Math.floor(bits / 8))
    skipped = bits % 8
    yield* decodeBlock(block, table)
    combined = (((combined << 1) | (combined >>> 31)) ^ block.checksum) >>> 0
    // Decoding a block takes tens of milliseconds, so others get their turn.
    await setImmediate()
  }
}

/** Decodes all concatenated streams and verifies the checksums of blocks and streams. Why not a library: docs/decisions/bzip2-decoder.md. */
export const decodeBzip2: Decoder = async function* (bytes) {
  const reader = createByteReader(bytes)
  const fill = async (buffered: Uint8Array, length: number): Promise<Uint8Array> =>
    buffered.length >= length ? buffered : Buffer.concat([buffered, await reader.take(length - buffered.length)])
  try {
    let buffered: Uint8Array = new Uint8Array(0)
    for (let isFirst = true; ; isFirst = false) {
      buffered = await fill(buffered, 4)
      if (buffered.length === 0 && !isFirst) return
      if (!isMagic(buffered))
        throw isFirst || isBeginning(buffered)
          ? new DecoderFault('truncated', 'it is truncated')
          : new DecoderFault('trailing', 'data that is not bzip2 follows its end')
      buffered = yield* decodeStream(reader, buffered.subarray(4), (buffered[3] as number) - 0x30)
    }
  } finally {
    await reader.close()
  }
}
