import type { ImageReader } from '@imago/core'
import type { LinePlace } from '@imago/json-records'
import { dumpOptions } from '../../input/dump-options.ts'
import { readLines } from '../../input/read-json.ts'
import { createImages, requestImages } from '../../output/images.ts'
import type { Output } from '../../output/stream.ts'
import { createImageReader, createReading, type ReadLines } from '../../read-images.ts'
import { readAdditions } from './evidence.ts'
import type { NormalizeOptions } from './options.ts'

/** Lines of NDJSON for a thread. Its buffers are transferred, not copied. */
export interface Block {
  readonly file: string
  readonly start: LinePlace
  /** The lines are its first `length` bytes. */
  readonly buffer: ArrayBuffer
  readonly length: number
  /** A buffer for the output, if it fits. */
  readonly output: ArrayBuffer | null
}

/** The result of a thread. The buffer can be filled again; so can that of the output, once it is written. */
export interface BlockResult {
  readonly read: ReadLines
  readonly buffer: ArrayBuffer
}

const encoder = new TextEncoder()

/** Encodes a text into a buffer, or if it does not fit, into a larger one. */
const encode = (text: string, into: ArrayBuffer | null): Uint8Array => {
  const length = Buffer.byteLength(text)
  const buffer = into !== null && into.byteLength >= length ? into : new ArrayBuffer(Math.ceil(length * 1.25))
  encoder.encodeInto(text, new Uint8Array(buffer))
  return new Uint8Array(buffer, 0, length)
}

const unsupported = (): never => {
  throw new Error('a part of the output can only be written as text')
}

/** Creates a function that reads blocks as `imago normalize` with these options does. */
export const createBlockReader = (
  options: NormalizeOptions,
  readers: readonly ImageReader[] | undefined,
): ((block: Block) => Promise<BlockResult>) => {
  const dump = { ...dumpOptions(options, readers), strict: options.strict === true }
  const request = requestImages(options)
  return async ({ file, start, buffer, length, output: into }) => {
    const pieces: string[] = []
    const output: Output = {
      isTerminal: false,
      width: null,
      write: (text) => void pieces.push(text),
      writeBytes: unsupported,
      flush: unsupported,
      end: unsupported,
    }
    const writer = await createImages(request, output, null, true)
    const reading = createReading(true)
    const messages: string[] = []
    const sink = createImageReader(
      reading,
      dump,
      (image, _drift, text, record) =>
        writer.image(image, text, options.evidence === true ? readAdditions(record, dump) : null),
      (text) => void messages.push(text),
      true,
    )
    readLines(file, new Uint8Array(buffer, 0, length), start, sink)
    const { images, rejected, drift } = reading
    const read = { images, rejected, drift: drift.part(), messages, output: encode(pieces.join(''), into) }
    return { read, buffer }
  }
}
