import { constants } from 'node:buffer'
import { SplitterMachine } from './machine.ts'
import { RecordOutput } from './output.ts'
import type { SplitSink } from './sink.ts'

export interface JsonSplitterOptions {
  /** Keys of a top-level object whose arrays are handed out element by element, such as `images`. */
  readonly streamedKeys: ReadonlySet<string>
  /** A longer record is skipped and reported. 64 MiB by default; never more than the longest string of the runtime. */
  readonly maxRecordBytes?: number
  /** `JSON.parse` by default. Must throw for any text that is not exactly one JSON value, and make objects of objects. */
  readonly parse?: (text: string) => unknown
}

/**
 * Cuts a stream of JSON text into records, holding no more than the record (and the shell around it) that is open.
 *
 * - Any bytes at all may be pushed, cut anywhere: no method throws, and how the input is cut changes nothing.
 * - A chunk may be overwritten once `push` has returned.
 * - After `end`, and after a fatal problem, everything pushed is ignored.
 */
export interface JsonSplitter {
  push(chunk: Uint8Array): void
  end(): void
}

/**
 * Creates a splitter for one input: one or more JSON values with whitespace, RFC 7464 record separators or UTF-8 byte
 * order marks (files joined by `cat`) between them.
 *
 * - A top-level array hands out its elements (`/3`); when it is empty, a record `[]` with pointer `''`.
 * - A top-level object hands out the elements of its streamed arrays (`/images/3`) as they come, and at its end itself
 *   with pointer `''`, those arrays emptied. A key that comes twice is streamed twice.
 * - A top-level scalar is handed out itself.
 * - A torn line is reported and skipped when values have a line each; see `Place`.
 */
export function createJsonSplitter(options: JsonSplitterOptions, sink: SplitSink): JsonSplitter {
  const limit = Math.min(options.maxRecordBytes ?? defaultMaxRecordBytes, constants.MAX_STRING_LENGTH)
  const output = new RecordOutput(limit, options.parse ?? JSON.parse, sink)
  const machine = new SplitterMachine(options.streamedKeys, output)
  return {
    push: (chunk) => {
      for (let from = 0; from < chunk.length; from += windowBytes) {
        machine.scan(Buffer.from(chunk.buffer, chunk.byteOffset + from, Math.min(windowBytes, chunk.length - from)))
      }
    },
    end: () => machine.end(),
  }
}

const defaultMaxRecordBytes = 64 * 1024 * 1024

/** Small enough that the bytes and their text stay in the processor's cache while they are walked. */
const windowBytes = 64 * 1024
