import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable, Transform, type Duplex } from 'node:stream'
import * as zlib from 'node:zlib'
import { fileProblem, Problem } from '../problem.ts'

/** Bytes of one input, decompressed and in UTF-8. */
export interface Input {
  /** As the user named it; `-` is standard input. */
  readonly name: string
  /** Of the file on disk, compressed or not; `null` where nobody knows. */
  readonly size: number | null
  /** How many of those have been read. */
  readonly bytesRead: () => number
  readonly bytes: AsyncIterable<Uint8Array>
}

/** What messages call an input. */
export const inputTitle = (name: string): string => (name === '-' ? 'stdin' : name)

const CHUNK = 128 * 1024
/** When a gzip turns out to be corrupt, Node drops the chunk it was making: a small one loses little. */
const GUNZIP_CHUNK = 64 * 1024

const startsWith = (bytes: Uint8Array, magic: readonly number[]): boolean => magic.every((byte, index) => bytes[index] === byte)

const isZstd = (bytes: Uint8Array): boolean => startsWith(bytes, [0x28, 0xb5, 0x2f, 0xfd])

/** A few bytes of zstd can stand for very many: fed in such slices, what they become stays a matter of megabytes. */
const SLICE = 256

/** Node 20 has no zstd, and Node’s own (seen in 24.21) ends at the first frame, without an error: `cat a.zst b.zst` has two. */
async function* decodedZstd(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { Decompress } = await import('fzstd')
  let ready: Uint8Array[] = []
  const decoder = new Decompress((data) => void ready.push(data))
  for await (const chunk of source) {
    for (let from = 0; from < chunk.length; from += SLICE) {
      decoder.push(chunk.subarray(from, from + SLICE))
      const blocks = ready
      ready = []
      yield* blocks
    }
  }
  decoder.push(new Uint8Array(0), true)
  yield* ready
}

/** What PowerShell writes when output is redirected. */
const utf16Decoder = (encoding: 'utf-16le' | 'utf-16be'): Transform => {
  const decoder = new TextDecoder(encoding)
  return new Transform({
    transform: (chunk: Uint8Array, _encoding, done) => done(null, Buffer.from(decoder.decode(chunk, { stream: true }))),
    flush: (done) => done(null, Buffer.from(decoder.decode())),
  })
}

/** Without a byte order mark: JSON begins with an ASCII character, and holds no zero byte. */
const isAsciiInUtf16 = ([first = 0, second]: Uint8Array): boolean => first > 0 && first < 0x80 && second === 0

const decoderFor = (head: Uint8Array): Duplex | null => {
  if (startsWith(head, [0x1f, 0x8b])) return zlib.createGunzip({ chunkSize: GUNZIP_CHUNK })
  if (startsWith(head, [0xff, 0xfe]) || isAsciiInUtf16(head)) return utf16Decoder('utf-16le')
  if (startsWith(head, [0xfe, 0xff])) return utf16Decoder('utf-16be')
  if (startsWith(head, [0x42, 0x5a, 0x68]) || startsWith(head, [0xfd, 0x37, 0x7a])) throw new Problem('it is compressed with bzip2 or xz, which imago does not read here: decompress it first')
  return null
}

async function* chunksOf(stream: Duplex): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) yield chunk as Uint8Array
}

async function* countedFrom(source: AsyncIterable<Uint8Array>, count: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    count(chunk.length)
    yield chunk
  }
}

/** A gzip in UTF-16 is read as well: the BOM is the decoded stream's first bytes. */
const MOST_LAYERS = 3

async function* decoded(source: AsyncGenerator<Uint8Array>, layers = MOST_LAYERS): AsyncGenerator<Uint8Array> {
  const first = await source.next()
  if (first.done === true) return
  const rest = async function* (): AsyncGenerator<Uint8Array> {
    yield first.value
    yield* source
  }
  const decoder = layers === 0 ? null : decoderFor(first.value)
  if (decoder === null) {
    yield* layers > 0 && isZstd(first.value) ? decoded(decodedZstd(rest()), layers - 1) : rest()
    return
  }
  // Errors of the source reach the decoder; what it had decoded until then has been read.
  const input = Readable.from(rest(), { objectMode: false })
  input.on('error', (error) => decoder.destroy(error))
  input.pipe(decoder)
  yield* decoded(chunksOf(decoder), layers - 1)
}

/** Opens a file, or standard input for `-`. Whether it is compressed, or in UTF-16, its first bytes tell. Errors come when the bytes are read. */
export const openInput = async (name: string): Promise<Input> => {
  let read = 0
  const count = (bytes: number): void => void (read += bytes)
  if (name === '-') return { name, size: null, bytesRead: () => read, bytes: decoded(countedFrom(process.stdin, count)) }
  const info = await stat(name).catch((error: unknown) => {
    throw fileProblem('read', name, error)
  })
  if (info.isDirectory()) throw new Problem(`cannot read ${name}: it is a directory: name the files in it`)
  const size = info.isFile() ? info.size : null
  return { name, size, bytesRead: () => read, bytes: decoded(countedFrom(createReadStream(name, { highWaterMark: CHUNK }), count)) }
}
