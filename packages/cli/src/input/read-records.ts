import { isJsonObject, findJsonExcess, LIST_KEYS, findRecords, visitRecords } from '@imago/core'
import { toPointerStep, type Pointer } from '@imago/codec'
import {
  createJsonSplitter,
  findInvalidByte,
  countNewlines,
  describeInvalidByte,
  type JsonSplitter,
  type LinePlace,
  type SplitRecord,
} from '@imago/json-records'
import { Problem } from '../problem.ts'
import { ansibleResults, isAnsibleOutput, type AnsibleResult } from './ansible-output.ts'
import { inputTitle, type Input } from './open.ts'
import { createLinePusher, type LineReader } from './line-reader.ts'
import { isPythonNotation, PYTHON_NOTATION, refuseOtherText, SAVE_AS_JSON } from './other-text.ts'

/** YAML is read into memory as a whole, so its size is limited. */
export const MAX_YAML_BYTES = 64 * 1024 * 1024

/** A position in the input. */
export interface InputPosition {
  readonly file: string
  /** 1-based; `null`: unknown. */
  readonly line: number | null
  readonly pointer: Pointer
}

/** Receives the records and problems of an input, in order. */
export interface RecordSink {
  /** `text`: the record's original JSON; `null`: unknown. */
  readonly record: (record: unknown, place: InputPosition, text: string | null) => void
  /** A part of the input that cannot be parsed. `fatal`: nothing after it was read. */
  readonly problem: (reason: string, place: InputPosition & { readonly offset: number }, fatal: boolean) => void
  /** Called after each chunk. Reading continues when the promise resolves. */
  readonly flush: () => Promise<void>
}

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

const EMPTY = 'the input is empty'

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

const readJson = async (
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

/** Reads the rest of an input into memory. */
const readWhole = async (what: string, head: Uint8Array, rest: AsyncIterator<Uint8Array>): Promise<Buffer> => {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for (
    let chunk: IteratorResult<Uint8Array> = { done: false, value: head };
    chunk.done !== true;
    chunk = await rest.next()
  ) {
    chunks.push(chunk.value)
    bytes += chunk.value.length
    if (bytes > MAX_YAML_BYTES)
      throw new Problem(
        `${what} is larger than ${MAX_YAML_BYTES / 2 ** 20} MiB, the limit of this format. Convert it to JSON`,
      )
  }
  return Buffer.concat(chunks)
}

/** Byte order marks at the start of lines. PowerShell writes one at the start of each file, and users concatenate files. */
const BYTE_ORDER_MARKS = /^\ufeff/gm

const decodeText = (whole: Buffer): string => {
  const invalid = findInvalidByte(whole)
  if (invalid !== null)
    throw new Problem(`line ${countNewlines(whole, invalid) + 1}: ${describeInvalidByte(whole[invalid])}`)
  const text = whole.toString('utf8').replace(BYTE_ORDER_MARKS, '')
  const nul = text.indexOf('\0')
  if (nul !== -1)
    throw new Problem(`line ${text.slice(0, nul).split('\n').length}: it is not text: it contains a NUL character`)
  return text
}

/** Reports text that is neither JSON nor YAML. */
const refuseText = (file: string, place: Partial<InputPosition>, sink: RecordSink): void =>
  sink.problem(`neither JSON nor YAML: ${SAVE_AS_JSON}`, { file, line: null, pointer: '', ...place, offset: 0 }, true)

const isNamedYaml = (file: string): boolean => YAML_NAME.test(file)

const readYaml = async (file: string, text: string, sink: RecordSink): Promise<void> => {
  const { readYamlRecords } = await import('./yaml.ts')
  const read = readYamlRecords(text)
  if ('problem' in read) {
    const { problem, isYaml, line, offset } = read
    if (problem === PYTHON_NOTATION) throw new Problem(`line ${line}: ${problem}`)
    return sink.problem(
      isYaml
        ? `cannot read this YAML: ${problem}`
        : isNamedYaml(file)
          ? `invalid YAML: ${problem}`
          : `neither JSON nor YAML (${problem}): ${SAVE_AS_JSON}`,
      { file, line, pointer: '', offset },
      true,
    )
  }
  for (const { record, pointer, line } of read.records) {
    if (typeof record === 'string') refuseText(file, { line, pointer }, sink)
    else sink.record(record, { file, line, pointer }, null)
  }
}

/** If a task returned images, results without images are skipped, except those of failed tasks. */
const readAnsible = (file: string, results: readonly AnsibleResult[], sink: RecordSink): void => {
  const read = results.map((result) => ({ ...result, found: findRecords(result.value) }))
  const isWhole = ({ value, found }: (typeof read)[number]): boolean => found.some(({ record }) => record === value)
  const hasFailed = (value: unknown): boolean =>
    isJsonObject(value) && (value['failed'] === true || value['unreachable'] === true)
  const hasImages = read.some((result) => !isWhole(result))
  for (const result of read) {
    const { value, line, problem, found } = result
    if (problem !== null) sink.problem(problem, { file, line, pointer: '', offset: 0 }, false)
    else if (!hasImages || !isWhole(result) || hasFailed(value))
      for (const { record, pointer } of found) sink.record(record, { file, line, pointer }, null)
  }
}

const readText = async (
  file: string,
  head: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
  sink: RecordSink,
): Promise<void> => {
  const text = decodeText(await readWhole('YAML', head, rest))
  if (!isNamedYaml(file) || isAnsibleOutput(text)) {
    const results = await ansibleResults(text)
    if (results.length > 0) return readAnsible(file, results, sink)
  }
  await readYaml(file, text, sink)
}

const WHITESPACE: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d, 0x1e, 0xef, 0xbb, 0xbf])
const JSON_NAME = /\.(json|ndjson|jsonl|geojson)(\.(gz|zst|zstd))?$/i
const YAML_NAME = /\.ya?ml(\.(gz|zst|zstd))?$/i

/** The number of first bytes searched for Ansible's headings. */
const HEAD = 16 * 1024

/** Whether an input is JSON, by its name or its first character. Any other text may be YAML. */
const isJson = (file: string, head: Uint8Array): boolean => {
  if (isAnsibleOutput(Buffer.from(head.subarray(0, HEAD)).toString())) return false
  if (JSON_NAME.test(file)) return true
  if (YAML_NAME.test(file)) return false
  const first = head.find((byte) => !WHITESPACE.has(byte))
  return first === undefined || first === 0x7b || first === 0x5b
}

/** The bytes that suffice to detect the format. A pipe may deliver single bytes. */
const ENOUGH = 512
/** The start of JSON as programs write it. It suffices to detect the format, and a stream may pause after its first record. */
const JSON_START = /^\s*(?:\[\s*)*\{\s*"/

const readHead = async (chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array> => {
  let head: Uint8Array = new Uint8Array()
  while (head.length < ENOUGH) {
    const chunk = await chunks.next()
    if (chunk.done === true) break
    head = head.length === 0 ? chunk.value : Buffer.concat([head, chunk.value])
    if (JSON_START.test(Buffer.from(head.subarray(0, ENOUGH)).toString())) break
  }
  return head
}

/**
 * Reads every record of an input in JSON, NDJSON or YAML. Only YAML is limited in size. Records before an error are passed to `sink`. `lines` may read lines of
 * NDJSON instead.
 */
export const readRecords = async (input: Input, sink: RecordSink, lines: LineReader | null = null): Promise<void> => {
  const iterator = input.bytes[Symbol.asyncIterator]()
  let offset = 0
  let broken: unknown = null
  const counted: AsyncIterator<Uint8Array> = {
    next: async () => {
      try {
        const chunk = await iterator.next()
        if (chunk.done !== true) offset += chunk.value.length
        return chunk
      } catch (error) {
        broken = error
        throw error
      }
    },
  }
  try {
    const head = await readHead(counted)
    if (head.length === 0) throw new Problem(EMPTY)
    refuseOtherText(head)
    return await (isJson(input.name, head)
      ? readJson(input, head, counted, sink, lines)
      : readText(input.name, head, counted, sink))
  } catch (error) {
    if (error instanceof Problem) throw new Problem(`${inputTitle(input.name)}: ${error.message}`, error.exitCode)
    // Do not report a bug in imago as an error of the input.
    if (error !== broken) throw error
    sink.problem(
      `read failed: ${(error as Error).message}`,
      { file: input.name, line: null, pointer: '', offset },
      true,
    )
  } finally {
    await iterator.return?.()
  }
}
