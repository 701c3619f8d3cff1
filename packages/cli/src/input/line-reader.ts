import { findLines, type JsonSplitter, type LinePlace } from '@imago/json-records'

/** Reads lines of NDJSON elsewhere, such as in other threads, and delivers their images in order. */
export interface LineReader {
  /** Whether it takes lines now. `bytes`: the size of the input, as far as it is known. */
  readonly isReady: (bytes: number) => boolean
  /** Copies lines that follow each other. Waits if too many wait to be read. */
  readonly take: (file: string, lines: Uint8Array, start: LinePlace) => Promise<void>
  /** Waits until everything is delivered. */
  readonly settle: () => Promise<void>
}

/** A longer line is not collected, but read as it arrives. */
const LONGEST_LINE = 1024 * 1024
const NONE = new Uint8Array()
const Newline = 0x0a
const OpenBrace = 0x7b

/** Whether the bytes from `at` on are one line, as far as they have arrived. The byte after its end must be known. */
const isPartOfLine = (bytes: Uint8Array, at: number): boolean => {
  if (bytes[at] !== OpenBrace || bytes.length - at > LONGEST_LINE) return false
  const newline = bytes.indexOf(Newline, at)
  return newline === -1 || newline === bytes.length - 1
}

/** Index after the first line and the byte that follows it. */
const findSecondLine = (bytes: Uint8Array): number => {
  const newline = bytes.indexOf(Newline)
  return newline === -1 ? bytes.length : Math.min(newline + 2, bytes.length)
}

/**
 * Pushes an input to a splitter, except the lines that `reader` takes.
 * @param size of the whole input in bytes, or of its compressed form; `null`: unknown.
 */
export const createLinePusher = (
  splitter: JsonSplitter,
  reader: LineReader,
  file: string,
  size: number | null,
): { readonly push: (chunk: Uint8Array) => Promise<void>; readonly end: () => Promise<void> } => {
  /** The start of a line that has not arrived completely. */
  let rest: Uint8Array = NONE
  let bytesPushed = 0

  /** Passes lines to the reader. Returns the index after them. */
  const passLines = async (bytes: Uint8Array, at: number, start: LinePlace): Promise<number> => {
    const { end, count } = findLines(bytes, at)
    if (count === 0) return at
    await reader.take(file, bytes.subarray(at, end), start)
    splitter.skipLines(end - at, count)
    return end
  }

  /** Pushes all bytes up to the last line that begins with a brace, or if there is none before it, that line too. Returns the index after them. */
  const pushOthers = async (bytes: Buffer, at: number): Promise<number> => {
    await reader.settle()
    const lastLine = bytes.lastIndexOf('\n{') + 1
    const end = lastLine > at ? lastLine : bytes.length
    splitter.push(bytes.subarray(at, end))
    return end
  }

  const pushFrom = async (bytes: Buffer, from: number): Promise<void> => {
    for (let at = from; at < bytes.length;) {
      const start = reader.isReady(Math.max(bytesPushed, size ?? 0)) ? splitter.lineStart() : null
      if (start !== null) {
        at = await passLines(bytes, at, start)
        if (isPartOfLine(bytes, at)) {
          rest = bytes.subarray(at)
          return
        }
      }
      at = await pushOthers(bytes, at)
    }
  }

  return {
    push: async (chunk) => {
      bytesPushed += chunk.length
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
      if (rest.length === 0) return pushFrom(bytes, 0)
      // Copy only the line that the chunk continues.
      const line = Buffer.concat([rest, bytes.subarray(0, findSecondLine(bytes))])
      const before = rest
      rest = NONE
      const start = splitter.lineStart()
      const end = start === null ? 0 : await passLines(line, 0, start)
      return end === 0 ? pushFrom(Buffer.concat([before, bytes]), 0) : pushFrom(bytes, end - before.length)
    },
    end: async () => {
      await reader.settle()
      splitter.push(rest)
      splitter.end()
    },
  }
}
