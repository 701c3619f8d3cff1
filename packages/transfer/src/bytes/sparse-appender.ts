import { releaseChunk, retainChunk } from '@imago/http'
import type { FileHandle } from 'node:fs/promises'

/** Appends bytes to a file. */
export interface Appender {
  /** Takes a chunk. If it is of a pool, it may be released then; otherwise it must not change before it is written. */
  readonly write: (chunk: Uint8Array) => Promise<void>
  /** Writes everything that is pending, and sets the length of the file. */
  readonly flush: () => Promise<void>
}

/** In bytes: the least that is written at once, except at the end. */
const WRITE_AT = 2 ** 20

/** In bytes: unit of holes, aligned. It is a multiple of usual block sizes; smaller units would need more calls than they save writes. */
const BLOCK = 64 * 2 ** 10
const ZEROS = Buffer.alloc(BLOCK)

/** A block that is split across writes becomes a hole if both parts are zero. */
const isZero = (bytes: Buffer, from: number, to: number): boolean => bytes.compare(ZEROS, 0, to - from, from, to) === 0

const toBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer => Buffer.from(buffer, byteOffset, byteLength)

interface Run {
  readonly from: number
  readonly to: number
}

/** The parts of `bytes` at `position` in the file that are not holes. */
const findData = (bytes: Buffer, position: number): readonly Run[] => {
  const runs: Run[] = []
  let start: number | null = null
  for (let from = 0; from < bytes.length;) {
    const to = Math.min(bytes.length, from + BLOCK - ((position + from) % BLOCK))
    if (isZero(bytes, from, to)) {
      if (start !== null) runs.push({ from: start, to: from })
      start = null
    } else start ??= from
    from = to
  }
  if (start !== null) runs.push({ from: start, to: bytes.length })
  return runs
}

/**
 * Appends to a file that ends at `start`. One large write runs while the next is collected. Blocks of zeros are skipped, so that they become
 * holes; a file system without holes stores zeros.
 * @param onWritten called with the number of bytes that are in the file, holes included; the end of the file may be a hole that it still lacks.
 */
export const createSparseAppender = (
  handle: FileHandle,
  start: number,
  onWritten: (length: number) => void = () => undefined,
): Appender => {
  let position = start
  let gathered: Uint8Array[] = []
  let length = 0
  /** The end of the file after pending writes. */
  let end = start
  let writing: Promise<unknown> = Promise.resolve()
  const writeAll = async (bytes: Buffer, at: number): Promise<void> => {
    for (const { from: first, to } of findData(bytes, at)) {
      for (let from = first; from < to;) from += (await handle.write(bytes, from, to - from, at + from)).bytesWritten
      end = at + to
    }
    onWritten(at + bytes.length)
  }
  const send = async (): Promise<void> => {
    await writing
    if (length === 0) return
    const chunks = gathered
    const [first] = chunks
    // Chunks as large as a write are not copied.
    const bytes = first?.length === length ? toBuffer(first) : Buffer.concat(chunks, length)
    writing = writeAll(bytes, position).finally(() => chunks.forEach(releaseChunk))
    // A failure is reported by the next await; until then it must not be unhandled.
    writing.catch(() => undefined)
    position += length
    gathered = []
    length = 0
  }
  return {
    write: async (chunk) => {
      retainChunk(chunk)
      gathered.push(chunk)
      length += chunk.length
      if (length >= WRITE_AT) await send()
    },
    flush: async () => {
      await send()
      await writing
      if (end === position) return
      await handle.truncate(position)
      end = position
    },
  }
}
