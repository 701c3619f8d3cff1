import { Decompress } from 'fzstd'
import xxhash from 'xxhash-wasm'
import { createByteReader, type ByteReader } from './byte-reader.ts'
import { DecoderFault, type Decoder } from './fault.ts'

/** In bytes: the window that zstd(1) allows without `--long` or `--memory`. */
const MEMORY = 128 * 1024 * 1024
/** In bytes: the most content of a block (RFC 8878, 3.1.1.2.4). */
const BLOCK = 128 * 1024
const MAGIC = 0xfd2fb528

const truncated = (): DecoderFault => new DecoderFault('truncated', 'it is truncated')
const damaged = (what: string): DecoderFault => new DecoderFault('damaged', `it is damaged (${what})`)

/** Exactly `length` bytes. */
const takeExactly = async (reader: ByteReader, length: number): Promise<Buffer> => {
  const bytes = await reader.take(length)
  if (bytes.length < length) throw truncated()
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}

interface FrameHeader {
  readonly bytes: Uint8Array
  /** Length of the content, in bytes; `null`: unknown. */
  readonly contentSize: bigint | null
  readonly windowSize: bigint
  readonly hasChecksum: boolean
}

const readLittleEndian = (bytes: Buffer): bigint => bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n)

/** Window size in bytes (RFC 8878, 3.1.1.1.2). */
const parseWindow = (descriptor: number): bigint => {
  const base = 1n << BigInt(10 + (descriptor >> 3))
  return base + (base >> 3n) * BigInt(descriptor & 7)
}

/** A frame header without its magic (RFC 8878, 3.1.1.1). */
const readHeader = async (reader: ByteReader): Promise<FrameHeader> => {
  const first = await takeExactly(reader, 1)
  const descriptor = first.readUInt8(0)
  const isSingle = (descriptor & 0x20) !== 0
  const sizeFlag = descriptor >> 6
  if ((descriptor & 0x08) !== 0) throw damaged('a reserved bit is set')
  const sizeLength = sizeFlag === 0 ? (isSingle ? 1 : 0) : 1 << sizeFlag
  const dictionaryLength = [0, 1, 2, 4][descriptor & 3] ?? 0
  const rest = await takeExactly(reader, (isSingle ? 0 : 1) + dictionaryLength + sizeLength)
  if (
    rest
      .subarray(isSingle ? 0 : 1)
      .subarray(0, dictionaryLength)
      .some((byte) => byte !== 0)
  )
    throw new DecoderFault('unsupported', 'it needs a dictionary')
  const contentSize =
    sizeLength === 0 ? null : readLittleEndian(rest.subarray(rest.length - sizeLength)) + (sizeFlag === 1 ? 256n : 0n)
  return {
    bytes: Buffer.concat([first, rest]),
    contentSize,
    windowSize: isSingle ? (contentSize ?? 0n) : parseWindow(rest.readUInt8(0)),
    hasChecksum: (descriptor & 0x04) !== 0,
  }
}

interface Block {
  readonly bytes: Uint8Array
  readonly isLast: boolean
}

const readBlock = async (reader: ByteReader): Promise<Block> => {
  const header = await takeExactly(reader, 3)
  const word = header.readUIntLE(0, 3)
  const [isLast, type, size] = [(word & 1) === 1, (word >> 1) & 3, word >> 3]
  if (type === 3 || size > BLOCK) throw damaged('invalid block')
  return { bytes: Buffer.concat([header, await takeExactly(reader, type === 1 ? 1 : size)]), isLast }
}

/** Decodes a frame with fzstd. Blocks are delimited here, so that fzstd holds one block at a time, and the checksum, which it ignores, is verified here. */
async function* decodeFrame(reader: ByteReader): AsyncGenerator<Uint8Array> {
  const header = await readHeader(reader)
  if (header.windowSize > MEMORY)
    throw new DecoderFault(
      'memory',
      `it needs ${header.windowSize / 2n ** 20n} MiB of memory, more than ${MEMORY / 2 ** 20}`,
    )
  const hash = (await xxhash()).create64()
  let decoded: Uint8Array[] = []
  let size = 0n
  const decoder = new Decompress((chunk) => void decoded.push(chunk))
  const push = (bytes: Uint8Array, isFinal = false): readonly Uint8Array[] => {
    decoded = []
    try {
      decoder.push(bytes, isFinal)
    } catch {
      throw damaged('invalid block')
    }
    const output = decoded.filter(({ length }) => length > 0)
    for (const chunk of output) {
      size += BigInt(chunk.length)
      hash.update(chunk)
    }
    return output
  }
  const magic = Buffer.alloc(4)
  magic.writeUInt32LE(MAGIC)
  push(Buffer.concat([magic, header.bytes]))
  for (let isLast = false; !isLast;) {
    const block = await readBlock(reader)
    isLast = block.isLast
    yield* push(block.bytes)
  }
  const checksum = await takeExactly(reader, header.hasChecksum ? 4 : 0)
  // fzstd holds a frame of less than 18 bytes back until the last push.
  yield* push(checksum, true)
  if (header.hasChecksum && Number(hash.digest() & 0xffffffffn) !== checksum.readUInt32LE(0))
    throw damaged('the checksum of a frame differs')
  if (header.contentSize !== null && header.contentSize !== size)
    throw damaged('the length of a frame differs from its header')
}

/** Whether these are the first bytes of another frame or skippable frame, which ends there. */
const isBeginning = (bytes: Uint8Array): boolean =>
  [
    [0x28, 0xb5, 0x2f],
    [null, 0x2a, 0x4d],
  ].some((start) => bytes.every((byte, at) => (start[at] === null ? byte >>> 4 === 5 : byte === start[at])))

/** Decodes all frames with fzstd. Node has its own zstd only from 22.15 on, and that stops at the end of the first frame without an error. */
export const decodeZstd: Decoder = async function* (bytes) {
  const reader = createByteReader(bytes)
  try {
    for (let isFirst = true; ; isFirst = false) {
      const magic = await reader.take(4)
      if (magic.length === 0 && !isFirst) return
      const word = magic.length === 4 ? Buffer.from(magic).readUInt32LE(0) : null
      if (word === MAGIC) yield* decodeFrame(reader)
      else if (word !== null && word >>> 4 === 0x184d2a5) {
        // A skippable frame may be larger than memory.
        for (let left = (await takeExactly(reader, 4)).readUInt32LE(0); left > 0;)
          left -= (await takeExactly(reader, Math.min(left, BLOCK))).length
      } else if (word === null && (isFirst || isBeginning(magic))) throw truncated()
      else throw new DecoderFault('trailing', 'data that is not zstd follows its end')
    }
  } finally {
    await reader.close()
  }
}
