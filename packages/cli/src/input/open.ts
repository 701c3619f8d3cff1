import { createReadStream, readFileSync, statSync, type Stats } from 'node:fs'
import { Readable, Transform, type Duplex, type TransformCallback } from 'node:stream'
import * as zlib from 'node:zlib'
import { fileProblem, Problem } from '../problem.ts'

/** An input, whose bytes are decompressed and converted to UTF-8. */
export interface Input {
  /** As the user named it; `-` is standard input. */
  readonly name: string
  /** The size of the file on disk in bytes, before decompression; `null`: unknown. */
  readonly size: number | null
  /** The number of bytes read so far, before decompression. */
  readonly bytesRead: () => number
  readonly bytes: AsyncIterable<Uint8Array>
}

/** The name of an input in messages. */
export const inputTitle = (name: string): string => (name === '-' ? 'stdin' : name)

const CHUNK = 128 * 1024
/** In bytes. Node drops the unfinished chunk of a corrupt gzip file, so a small chunk loses less data. */
const GUNZIP_CHUNK = 64 * 1024

const startsWith = (bytes: Uint8Array, magic: readonly number[]): boolean =>
  magic.every((byte, index) => bytes[index] === byte)

const isZstd = (bytes: Uint8Array): boolean => startsWith(bytes, [0x28, 0xb5, 0x2f, 0xfd])

/** The bytes decompressed at a time. A few bytes of zstd can expand to very many; slices of this size expand to a few megabytes. */
const SLICE = 256

/** Decompresses zstd. Node 20 has no zstd, and that of Node 24.21 silently stops after the first frame, while `cat a.zst b.zst` has two. */
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

/** Converts UTF-16 to UTF-8. PowerShell writes redirected output in UTF-16. */
const utf16Decoder = (encoding: 'utf-16le' | 'utf-16be'): Transform => {
  const decoder = new TextDecoder(encoding, { fatal: true })
  const decode = (done: TransformCallback, ...input: [] | [Uint8Array]): void => {
    let text: string
    try {
      text = input.length === 0 ? decoder.decode() : decoder.decode(input[0], { stream: true })
    } catch {
      return done(new Problem('it begins as UTF-16 but is not valid UTF-16: convert it to UTF-8'))
    }
    done(null, Buffer.from(text))
  }
  return new Transform({
    transform: (chunk: Uint8Array, _encoding, done) => decode(done, chunk),
    flush: (done) => decode(done),
  })
}

/** Detects the encoding without a byte order mark: JSON and YAML start with an ASCII character and contain no zero byte. */
const isAscii = (byte: number | undefined): boolean => byte !== undefined && byte > 0 && byte < 0x80

const isUtf32 = (head: Uint8Array): boolean => {
  const [first, second, third, fourth] = head
  if (startsWith(head, [0xff, 0xfe, 0, 0]) || startsWith(head, [0, 0, 0xfe, 0xff])) return true
  return (
    (isAscii(first) && second === 0 && third === 0 && fourth === 0) ||
    (first === 0 && second === 0 && third === 0 && isAscii(fourth))
  )
}

const DECOMPRESS = 'which imago does not read here: decompress it first'
const NO_DUMP = 'not saved images: name a JSON or YAML file'

/** Unsupported file types, by their first bytes. */
const OTHER_FILES: readonly (readonly [magic: readonly number[], what: string])[] = [
  [[0x42, 0x5a, 0x68], `it is compressed with bzip2, ${DECOMPRESS}`],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], `it is compressed with xz, ${DECOMPRESS}`],
  [[0x04, 0x22, 0x4d, 0x18], `it is compressed with lz4, ${DECOMPRESS}`],
  [
    [0x50, 0x4b, 0x03, 0x04],
    'it is a zip archive or a spreadsheet (.xlsx): unpack the archive, or save the images as JSON instead',
  ],
  [[0x50, 0x4b, 0x05, 0x06], 'it is an empty zip archive'],
  [[0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], 'it is a 7z archive: unpack it first'],
  [[0x52, 0x61, 0x72, 0x21], 'it is a rar archive: unpack it first'],
  [[0xd0, 0xcf, 0x11, 0xe0], `it is an Office document, ${NO_DUMP}`],
  [[0x25, 0x50, 0x44, 0x46], `it is a PDF, ${NO_DUMP}`],
  [[0x53, 0x51, 0x4c, 0x69, 0x74, 0x65, 0x20], `it is an SQLite database, ${NO_DUMP}`],
  [[0x50, 0x41, 0x52, 0x31], `it is a Parquet file, ${NO_DUMP}`],
  [[0x51, 0x46, 0x49, 0xfb], `it is a disk image (qcow2), ${NO_DUMP}`],
  [[0x4b, 0x44, 0x4d, 0x56], `it is a disk image (VMDK), ${NO_DUMP}`],
  [[0x80, 0x02], `it is a Python pickle, ${NO_DUMP}`],
  [[0x80, 0x03], `it is a Python pickle, ${NO_DUMP}`],
  [[0x80, 0x04], `it is a Python pickle, ${NO_DUMP}`],
  [[0x80, 0x05], `it is a Python pickle, ${NO_DUMP}`],
]

const TAR_MAGIC_AT = 257

const refuse = (head: Uint8Array): void => {
  if (isUtf32(head))
    throw new Problem('it is UTF-32, which imago does not read: convert it with iconv -f UTF-32 -t UTF-8')
  const other = OTHER_FILES.find(([magic]) => startsWith(head, magic))
  if (other !== undefined) throw new Problem(other[1])
  if (startsWith(head.subarray(TAR_MAGIC_AT), [0x75, 0x73, 0x74, 0x61, 0x72]))
    throw new Problem('it is a tar archive: unpack it first')
}

const decoderFor = (head: Uint8Array): Duplex | null => {
  if (startsWith(head, [0x1f, 0x8b])) return zlib.createGunzip({ chunkSize: GUNZIP_CHUNK })
  refuse(head)
  if (startsWith(head, [0xff, 0xfe]) || (isAscii(head[0]) && head[1] === 0)) return utf16Decoder('utf-16le')
  if (startsWith(head, [0xfe, 0xff]) || (head[0] === 0 && isAscii(head[1]))) return utf16Decoder('utf-16be')
  return null
}

async function* readChunks(stream: Duplex): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) yield chunk as Uint8Array
}

async function* countedFrom(
  source: AsyncIterable<Uint8Array>,
  count: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    count(chunk.length)
    yield chunk
  }
}

/** The maximum number of nested encodings, such as UTF-16 within gzip. */
const MAX_LAYERS = 3

/** The minimum bytes needed to detect the type. The first chunk of a pipe may be a single byte. */
const SHORTEST_HEAD = 4

const readHead = async (source: AsyncIterator<Uint8Array>): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = []
  let length = 0
  while (length < SHORTEST_HEAD) {
    const next = await source.next()
    if (next.done === true) break
    chunks.push(next.value)
    length += next.value.length
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)
}

async function* decoded(source: AsyncGenerator<Uint8Array>, layers = MAX_LAYERS): AsyncGenerator<Uint8Array> {
  const head = await readHead(source)
  if (head.length === 0) return
  const rest = async function* (): AsyncGenerator<Uint8Array> {
    yield head
    yield* source
  }
  const decoder = layers === 0 ? null : decoderFor(head)
  if (decoder === null) {
    yield* layers > 0 && isZstd(head) ? decoded(decodedZstd(rest()), layers - 1) : rest()
    return
  }
  // Pass errors of the source on to the decoder, which has returned all data decoded before.
  const input = Readable.from(rest(), { objectMode: false })
  input.on('error', (error) => decoder.destroy(error))
  input.pipe(decoder)
  yield* decoded(readChunks(decoder), layers - 1)
}

/** Reads a small file, in less time than Node takes to load its streams. */
async function* readWhole(name: string): AsyncGenerator<Uint8Array> {
  yield readFileSync(name)
}

/** Not with `node:fs/promises`: to load it takes more time than to read a small file. */
const findInfo = (name: string): Stats => {
  try {
    return statSync(name)
  } catch (thrown) {
    throw fileProblem('read', name, thrown)
  }
}

/** Opens a file, or standard input for `-`. Detects compression and UTF-16 by the first bytes. Decoding errors are thrown while reading. */
export const openInput = async (name: string): Promise<Input> => {
  let read = 0
  const count = (bytes: number): void => void (read += bytes)
  if (name === '-')
    return { name, size: null, bytesRead: () => read, bytes: decoded(countedFrom(process.stdin, count)) }
  const info = findInfo(name)
  if (info.isDirectory()) throw new Problem(`cannot read ${name}: it is a directory. Name the files in it`)
  const size = info.isFile() ? info.size : null
  return {
    name,
    size,
    bytesRead: () => read,
    bytes: decoded(
      countedFrom(
        size !== null && size <= CHUNK ? readWhole(name) : createReadStream(name, { highWaterMark: CHUNK }),
        count,
      ),
    ),
  }
}
