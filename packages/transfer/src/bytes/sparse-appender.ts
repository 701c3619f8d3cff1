import type { FileHandle } from 'node:fs/promises'

/** Appends to a file. */
export interface Appender {
  /** The chunk must stay as it is until the next call has returned. */
  readonly write: (chunk: Uint8Array) => Promise<void>
  /** Afterwards the file has all that was written, and its length. */
  readonly flush: () => Promise<void>
}

/** Pieces in which the file is written. */
const WRITE_AT = 2 ** 20

/** Zeros are looked for in blocks of this size, at multiples of it, which are as large as the blocks of usual file systems at most. Smaller ones would cost more calls than they save. */
const BLOCK = 64 * 2 ** 10
const ZEROS = Buffer.alloc(BLOCK)

/** Of a block that was cut, both parts count: where neither has data, it stays a hole. */
const isZero = (bytes: Buffer, from: number, to: number): boolean => bytes.compare(ZEROS, 0, to - from, from, to) === 0

interface Run {
  readonly from: number
  readonly to: number
}

/** The parts of `bytes`, which stand at `position` of the file, that are not holes. */
const dataIn = (bytes: Buffer, position: number): readonly Run[] => {
  const runs: Run[] = []
  let start: number | null = null
  for (let from = 0; from < bytes.length; ) {
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
 * Appends at `start`, where the file must end: large pieces are written, one at a time, while the next is gathered. Blocks of zeros are not written: behind
 * its end a file has none, so they become holes, or zeros where the file system has no holes.
 */
export const createSparseAppender = (handle: FileHandle, start: number): Appender => {
  let position = start
  let gathered: Uint8Array[] = []
  let length = 0
  /** Where the file ends, once what is being written is written. */
  let end = start
  let writing: Promise<unknown> = Promise.resolve()
  const writeAll = async (bytes: Buffer, at: number): Promise<void> => {
    for (const { from: first, to } of dataIn(bytes, at)) {
      for (let from = first; from < to; ) from += (await handle.write(bytes, from, to - from, at + from)).bytesWritten
      end = at + to
    }
  }
  const send = async (): Promise<void> => {
    await writing
    if (length === 0) return
    const bytes = Buffer.concat(gathered, length)
    writing = writeAll(bytes, position)
    // Whoever awaits it next learns of a failure; until then it is not unhandled.
    writing.catch(() => undefined)
    position += length
    gathered = []
    length = 0
  }
  return {
    write: async (chunk) => {
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
