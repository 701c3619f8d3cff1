import { constants } from 'node:buffer'
import { SplitterMachine } from './machine.ts'
import { RecordOutput } from './output.ts'
import type { LinePlace } from './lines.ts'
import type { SplitSink } from './sink.ts'

/** Options of `createJsonSplitter`. */
export interface JsonSplitterOptions {
  /** Keys of a top-level object whose arrays are emitted element by element, such as `images`. */
  readonly streamedKeys: ReadonlySet<string>
  /** In bytes: a longer record is skipped and reported. Default: 64 MiB; at most the longest string of the runtime. */
  readonly maxRecordBytes?: number | undefined
  /** Default: `JSON.parse`. It must throw for any text that is not exactly one JSON value, and return objects for objects. */
  readonly parse?: ((text: string) => unknown) | undefined
  /** Where the first byte is in an input with one value per line, from `lineStart` of another splitter. Default: the start of an input. */
  readonly start?: LinePlace | undefined
}

/**
 * Splits a stream of JSON text into records. It holds at most the open record and the shell around it.
 *
 * - Any bytes may be pushed, cut anywhere. No method throws, and the result does not depend on the cuts.
 * - A chunk may be reused after `push` has returned.
 * - After `end` and after a fatal problem, further chunks are ignored.
 */
export interface JsonSplitter {
  push(chunk: Uint8Array): void
  end(): void
  /** Where the next byte is, if no value is open and the input has one value per line: another splitter can then read what `findLines` finds there. */
  lineStart(): LinePlace | null
  /** Passes lines that another splitter reads. Each counts as one value. */
  skipLines(bytes: number, lines: number): void
  /** Ends before another line of the input, which begins with `{`. */
  endBeforeLine(): void
}

/**
 * Creates a splitter for one input: one or more JSON values, separated by whitespace, record separators (RFC 7464) or UTF-8
 * byte order marks (of concatenated files).
 *
 * - Of a top-level array, each element is a record (`/3`). An empty array is a record `[]` with pointer `''`.
 * - Of a top-level object, each element of its streamed arrays is a record (`/images/3`). At its end the object itself is one,
 *   with pointer `''` and with those arrays emptied: the shell. A key that occurs twice is streamed twice.
 * - A top-level scalar is a record.
 * - In NDJSON, an unterminated line is reported and skipped; see `Position`.
 */
export function createJsonSplitter(options: JsonSplitterOptions, sink: SplitSink): JsonSplitter {
  const limit = Math.min(options.maxRecordBytes ?? defaultMaxRecordBytes, constants.MAX_STRING_LENGTH)
  const output = new RecordOutput(limit, options.parse ?? JSON.parse, sink)
  const machine = new SplitterMachine(options.streamedKeys, output, options.start ?? null)
  return {
    push: (chunk) => {
      for (let from = 0; from < chunk.length; from += windowBytes) {
        machine.scan(Buffer.from(chunk.buffer, chunk.byteOffset + from, Math.min(windowBytes, chunk.length - from)))
      }
    },
    end: () => machine.end(),
    lineStart: () => machine.lineStart(),
    skipLines: (bytes, lines) => machine.skipLines(bytes, lines),
    endBeforeLine: () => machine.scan(nextLine),
  }
}

/** An open value is not closed before it. */
const nextLine = Buffer.from('{')

const defaultMaxRecordBytes = 64 * 1024 * 1024

/** Small enough for the bytes and their text to stay in the processor's cache. */
const windowBytes = 64 * 1024
