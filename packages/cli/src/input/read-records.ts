import { jsonExcess, LIST_KEYS, visitRecords } from '@imago/core'
import { pointerStep, type Pointer } from '@imago/codec'
import { Problem } from '../problem.ts'
import { createJsonSplitter, type SplitRecord } from './json-splitter/json-splitter.ts'
import { inputTitle, type Input } from './open.ts'

/** YAML is read whole, so there is an end to what is read. */
export const MOST_YAML_BYTES = 64 * 1024 * 1024

/** Where something stands in the input. */
export interface InputPlace {
  readonly file: string
  /** 1-based; `null` in YAML. */
  readonly line: number | null
  readonly pointer: Pointer
}

/** What a reader of records is told. Called in the order of the input. */
export interface RecordSink {
  /** `text`: the record's JSON as it came, where it is known. */
  readonly record: (record: unknown, place: InputPlace, text: string | null) => void
  /** A part of the input that is no JSON. `fatal`: nothing after it was read; `kept`: its record comes all the same. */
  readonly problem: (reason: string, place: InputPlace & { readonly offset: number }, fatal: boolean, kept?: boolean) => void
  /** Called after each chunk; reading waits for it. */
  readonly flush: () => Promise<void>
}

/** One place object for all records: it is asked only for the few that have something to tell. */
class Place implements InputPlace {
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
    return (this.#split?.pointer ?? '') + this.#parent + (this.#key === null ? '' : pointerStep(this.#key))
  }
}

const EMPTY = 'there is nothing in it'

/** JSON that is too much to be parsed. */
class Excess extends Error {}

const parseRecord = (text: string): unknown => {
  const excess = jsonExcess(text)
  if (excess !== null) throw new Excess(`it ${excess}`)
  return JSON.parse(text)
}

/** What `JSON.parse` says without what it quotes, which may hold a secret: `Unexpected token 'N', "{"id":N…" is not valid JSON`. */
const syntaxProblem = (error: unknown): string => (error instanceof Excess ? error.message : `it is no JSON: ${(error as Error).message.replace(/, (?:\.\.\.)?".*$/s, '')}`)

const readJson = async (file: string, head: Uint8Array, rest: AsyncIterator<Uint8Array>, sink: RecordSink): Promise<void> => {
  const place = new Place(file)
  let stopped = false
  let empty = true
  const splitter = createJsonSplitter(
    { streamedKeys: LIST_KEYS, parse: parseRecord },
    {
      record(split) {
        empty = false
        visitRecords(split.value, '', null, (record, parent, key) => sink.record(record, place.at(split, parent, key), key === null && parent === '' ? split.text : null))
      },
      malformed({ line, pointer, offset }, error) {
        empty = false
        sink.problem(syntaxProblem(error), { file, line, pointer, offset }, false)
      },
      problem({ reason, line, pointer, offset, fatal, kept }) {
        empty = false
        stopped ||= fatal
        sink.problem(reason, { file, line, pointer, offset }, fatal, kept)
      },
    },
  )
  for (let chunk: IteratorResult<Uint8Array> = { done: false, value: head }; chunk.done !== true && !stopped; chunk = await rest.next()) {
    splitter.push(chunk.value)
    await sink.flush()
  }
  if (!stopped) splitter.end()
  if (empty) throw new Problem(EMPTY)
}

const readYaml = async (file: string, head: Uint8Array, rest: AsyncIterator<Uint8Array>, sink: RecordSink): Promise<void> => {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for (let chunk: IteratorResult<Uint8Array> = { done: false, value: head }; chunk.done !== true; chunk = await rest.next()) {
    chunks.push(chunk.value)
    bytes += chunk.value.length
    if (bytes > MOST_YAML_BYTES) throw new Problem(`YAML is read whole, and this is over ${MOST_YAML_BYTES / 2 ** 20} MiB: write it as JSON`)
  }
  const { recordsOfYaml } = await import('./yaml.ts')
  const read = recordsOfYaml(Buffer.concat(chunks).toString('utf8'))
  if ('problem' in read) return sink.problem(`it is no JSON, and as YAML: ${read.problem}`, { file, line: null, pointer: '', offset: read.offset }, true)
  for (const { record, pointer } of read.records) {
    if (typeof record === 'string') sink.problem(`it is text, neither JSON nor YAML: ${SAVE_AS_JSON}`, { file, line: null, pointer, offset: 0 }, true)
    else sink.record(record, { file, line: null, pointer }, null)
  }
}

const WHITESPACE: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d, 0x1e, 0xef, 0xbb, 0xbf])
const JSON_NAME = /\.(json|ndjson|jsonl|geojson)(\.(gz|zst|zstd))?$/i
const YAML_NAME = /\.ya?ml(\.(gz|zst|zstd))?$/i

/** JSON starts with a bracket, or is called JSON; everything else that is text may be YAML. */
const isJson = (file: string, head: Uint8Array): boolean => {
  if (JSON_NAME.test(file)) return true
  if (YAML_NAME.test(file)) return false
  const first = head.find((byte) => !WHITESPACE.has(byte))
  return first === undefined || first === 0x7b || first === 0x5b
}

const SAVE_AS_JSON = 'save it with hcloud … -o json or openstack … -f json'
const CSV_HEADER = /^(?:"[^"\n]*"|[\w. ]+)(?:,(?:"[^"\n]*"|[\w. ]+))+\r?\n/
const SHELL_VARIABLE = /^[a-z][\w.]*="/

/** What people have saved when they meant to save JSON. */
const refuseText = (head: Uint8Array): void => {
  const start = head.findIndex((byte) => !WHITESPACE.has(byte))
  const first = head[start]
  if (first === 0x3c) throw new Problem('it is HTML or XML, no image dump; an API that answers in HTML reports an error')
  if (first === 0x2b || first === 0x7c) throw new Problem(`it is a table for people: ${SAVE_AS_JSON}`)
  const text = Buffer.from(head.subarray(start, start + 1000)).toString()
  if (CSV_HEADER.test(text)) throw new Problem(`it is CSV: ${SAVE_AS_JSON}`)
  if (SHELL_VARIABLE.test(text)) throw new Problem(`it is a list of shell variables: ${SAVE_AS_JSON}`)
}

/** Reads every record of an input, whatever its format: JSON, NDJSON or YAML, of any size but for YAML. What came before an error was handed out. */
export const readRecords = async (input: Input, sink: RecordSink): Promise<void> => {
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
    const first = await counted.next()
    if (first.done === true) throw new Problem(EMPTY)
    refuseText(first.value)
    if (isJson(input.name, first.value)) return await readJson(input.name, first.value, counted, sink)
    return await readYaml(input.name, first.value, counted, sink)
  } catch (error) {
    if (error instanceof Problem) throw new Problem(`${inputTitle(input.name)}: ${error.message}`, error.exitCode)
    // A mistake of ours is not to look like one of the input.
    if (error !== broken) throw error
    sink.problem(`reading broke off: ${(error as Error).message}`, { file: input.name, line: null, pointer: '', offset }, true)
  } finally {
    await iterator.return?.()
  }
}
