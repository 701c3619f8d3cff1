import { findJsonExcess, LIST_KEYS, visitRecords } from '@imago/core'
import { toPointerStep, type Pointer } from '@imago/codec'
import { createJsonSplitter, type JsonSplitter, type LinePlace, type SplitRecord } from '@imago/json-records'
import { Problem } from '../problem.ts'
import { createLinePusher, type LineReader } from './line-reader.ts'
import type { Input } from './open.ts'
import { isPythonNotation, PYTHON_NOTATION } from './other-text.ts'
import type { InputPosition, RecordSink } from './record-sink.ts'

/** A position object shared by all records, because few records need their position. */
class Position implements InputPosition {
  readonly file: string
  #split: SplitRecord | null = null
  #parent: Pointer = ''
  #key: string | number | null = null

  constructor(file: string) {
    this.file = file
  }

  at(split: SplitRecord, parent: Pointer, key: string | number | null): this {
    this.#split = split
    this.#parent = parent
    this.#key = key
    return this
  }

  get line(): number {
    return this.#split?.line ?? 1
  }

  get pointer(): Pointer {
    return (this.#split?.pointer ?? '') + this.#parent + (this.#key === null ? '' : toPointerStep(this.#key))
  }
}

export const EMPTY = 'the input is empty'

/** JSON that exceeds the limits of the parser. */
class Excess extends Error {}

const parseRecord = (text: string): unknown => {
  const excess = findJsonExcess(text)
  if (excess !== null) throw new Excess(`it ${excess}`)
  return JSON.parse(text)
}

/** The message of `JSON.parse` without the quoted input, which may contain a secret: `Unexpected token 'N', "{"id":N…" is not valid JSON`. */
const syntaxProblem = (error: unknown): string =>
  error instanceof Excess
    ? error.message
    : `invalid JSON: ${(error as Error).message.replace(/, (?:\.\.\.)?".*$/s, '')}`

const createRecordSplitter = (
  file: string,
  sink: Omit<RecordSink, 'flush'>,
  start?: LinePlace,
): { readonly splitter: JsonSplitter; readonly isEmpty: () => boolean } => {
  const place = new Position(file)
  let empty = true
  const splitter = createJsonSplitter(
    { streamedKeys: LIST_KEYS, parse: parseRecord, start },
    {
      record(split) {
        empty = false
        visitRecords(split.value, '', null, (record, parent, key) =>
          sink.record(record, place.at(split, parent, key), key === null && parent === '' ? split.text : null),
        )
      },
      malformed({ text, line, pointer, offset }, error) {
        empty = false
        sink.problem(
          isPythonNotation(text) ? PYTHON_NOTATION : syntaxProblem(error),
          { file, line, pointer, offset },
          false,
        )
      },
      problem({ reason, line, pointer, offset, fatal }) {
        empty = false
        sink.problem(reason, { file, line, pointer, offset }, fatal)
      },
    },
  )
  return { splitter, isEmpty: () => empty }
}

/** Reads lines that `findLines` found in NDJSON. */
export const readLines = (file: string, lines: Uint8Array, start: LinePlace, sink: Omit<RecordSink, 'flush'>): void => {
  const { splitter } = createRecordSplitter(file, sink, start)
  splitter.push(lines)
  splitter.endBeforeLine()
}

/** Reads the records of JSON or NDJSON. */
export const readJson = async (
  { name: file, size }: Input,
  head: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
  sink: RecordSink,
  lines: LineReader | null,
): Promise<void> => {
  let stopped = false
  const { splitter, isEmpty } = createRecordSplitter(file, {
    record: sink.record,
    problem(reason, place, fatal) {
      stopped ||= fatal
      sink.problem(reason, place, fatal)
    },
  })
  const pusher = lines === null ? splitter : createLinePusher(splitter, lines, file, size)
  for (
    let chunk: IteratorResult<Uint8Array> = { done: false, value: head };
    chunk.done !== true && !stopped;
    chunk = await rest.next()
  ) {
    await pusher.push(chunk.value)
    await sink.flush()
  }
  if (!stopped) await pusher.end()
  if (isEmpty()) throw new Problem(EMPTY)
}
