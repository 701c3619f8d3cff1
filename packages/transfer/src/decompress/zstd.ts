import { Decompress } from 'fzstd'
import xxhash from 'xxhash-wasm'
import { createByteReader, type ByteReader } from './byte-reader.ts'
import { DecoderFault, type Decoder } from './fault.ts'

/** What zstd(1) allows without `--long` or `--memory`. */
const MEMORY = 128 * 1024 * 1024
/** The most that a block may hold (RFC 8878, 3.1.1.2.4). */
const BLOCK = 128 * 1024
const MAGIC = 0xfd2fb528

const truncated = (): DecoderFault => new DecoderFault('truncated', 'it is cut short')
const damaged = (what: string): DecoderFault => new DecoderFault('damaged', `it is damaged (${what})`)

const exactly = async (reader: ByteReader, length: number): Promise<Buffer> => {
  const bytes = await reader.take(length)
  if (bytes.length < length) throw truncated()
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}

interface FrameHeader {
  readonly bytes: Uint8Array
  /** What the frame says it holds; null where it does not. */
  readonly contentSize: bigint | null
  readonly windowSize: bigint
  readonly hasChecksum: boolean
}

const littleEndian = (bytes: Buffer): bigint => bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n)

const windowOf = (descriptor: number): bigint => {
  const base = 1n << BigInt(10 + (descriptor >> 3))
  return base + (base >> 3n) * BigInt(descriptor & 7)
}

/** RFC 8878, 3.1.1.1; without the magic. */
const readHeader = async (reader: ByteReader): Promise<FrameHeader> => {
  const first = await exactly(reader, 1)
  const descriptor = first.readUInt8(0)
  const isSingle = (descriptor & 0x20) !== 0
  const sizeFlag = descriptor >> 6
  if ((descriptor & 0x08) !== 0) throw damaged('a reserved bit is set')
  const sizeLength = sizeFlag === 0 ? (isSingle ? 1 : 0) : 1 << sizeFlag
  const dictionaryLength = [0, 1, 2, 4][descriptor & 3] ?? 0
  const rest = await exactly(reader, (isSingle ? 0 : 1) + dictionaryLength + sizeLength)
  if (rest.subarray(isSingle ? 0 : 1).subarray(0, dictionaryLength).some((byte) => byte !== 0)) throw new DecoderFault('unsupported', 'it wants a dictionary')
  const contentSize = sizeLength === 0 ? null : littleEndian(rest.subarray(rest.length - sizeLength)) + (sizeFlag === 1 ? 256n : 0n)
  return { bytes: Buffer.concat([first, rest]), contentSize, windowSize: isSingle ? (contentSize ?? 0n) : windowOf(rest.readUInt8(0)), hasChecksum: (descriptor & 0x04) !== 0 }
}

interface Block {
  readonly bytes: Uint8Array
  readonly isLast: boolean
}

const readBlock = async (reader: ByteReader): Promise<Block> => {
  const header = await exactly(reader, 3)
  const word = header.readUIntLE(0, 3)
  const [isLast, type, size] = [(word & 1) === 1, (word >> 1) & 3, word >> 3]
  if (type === 3 || size > BLOCK) throw damaged('there is no such block')
  return { bytes: Buffer.concat([header, await exactly(reader, type === 1 ? 1 : size)]), isLast }
}

/** fzstd computes no check sums: that is done here, and its frames and blocks are found here, so that it holds one block at a time. */
async function* frame(reader: ByteReader): AsyncGenerator<Uint8Array> {
  const header = await readHeader(reader)
  if (header.windowSize > MEMORY) throw new DecoderFault('memory', `it wants ${header.windowSize / 2n ** 20n} MiB of memory, more than ${MEMORY / 2 ** 20}`)
  const hash = (await xxhash()).create64()
  let made: Uint8Array[] = []
  let size = 0n
  const decoder = new Decompress((chunk) => void made.push(chunk))
  const push = (bytes: Uint8Array, isFinal = false): readonly Uint8Array[] => {
    made = []
    try {
      decoder.push(bytes, isFinal)
    } catch {
      throw damaged('a block is none')
    }
    const given = made.filter(({ length }) => length > 0)
    for (const chunk of given) {
      size += BigInt(chunk.length)
      hash.update(chunk)
    }
    return given
  }
  const magic = Buffer.alloc(4)
  magic.writeUInt32LE(MAGIC)
  push(Buffer.concat([magic, header.bytes]))
  for (let isLast = false; !isLast; ) {
    const block = await readBlock(reader)
    isLast = block.isLast
    yield* push(block.bytes)
  }
  const checksum = await exactly(reader, header.hasChecksum ? 4 : 0)
  // A frame of less than 18 bytes is held back until it is said to be the last.
  yield* push(checksum, true)
  if (header.hasChecksum && Number(hash.digest() & 0xffffffffn) !== checksum.readUInt32LE(0)) throw damaged('the check sum of a frame is another')
  if (header.contentSize !== null && header.contentSize !== size) throw damaged('a frame holds another number of bytes than it says')
}

/** Whether these are the first bytes of another frame, or of one to be skipped, and no more of it is there. */
const isBeginning = (bytes: Uint8Array): boolean =>
  [[0x28, 0xb5, 0x2f], [null, 0x2a, 0x4d]].some((start) => bytes.every((byte, at) => (start[at] === null ? byte >>> 4 === 5 : byte === start[at])))

/** By fzstd: all frames. Node has zstd of its own from 22.15 on only, and ends at the first frame without an error. */
export const decodeZstd: Decoder = async function* (bytes) {
  const reader = createByteReader(bytes)
  try {
    for (let isFirst = true; ; isFirst = false) {
      const magic = await reader.take(4)
      if (magic.length === 0 && !isFirst) return
      const word = magic.length === 4 ? Buffer.from(magic).readUInt32LE(0) : null
      if (word === MAGIC) yield* frame(reader)
      else if (word !== null && word >>> 4 === 0x184d2a5) {
        // To be skipped; it may be larger than memory.
        for (let left = (await exactly(reader, 4)).readUInt32LE(0); left > 0; ) left -= (await exactly(reader, Math.min(left, BLOCK))).length
      } else if (word === null && (isFirst || isBeginning(magic))) throw truncated()
      else throw new DecoderFault('trailing', 'after its end, something follows that is no zstd')
    }
  } finally {
    await reader.close()
  }
}
