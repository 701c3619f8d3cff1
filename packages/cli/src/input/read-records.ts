import { Problem } from '../problem.ts'
import { isAnsibleOutput } from './ansible-output.ts'
import type { LineReader } from './line-reader.ts'
import { inputTitle, type Input } from './open.ts'
import { refuseOtherText } from './other-text.ts'
import { EMPTY, readJson } from './read-json.ts'
import { isNamedYaml, readText } from './read-text.ts'
import type { RecordSink } from './record-sink.ts'

const WHITESPACE: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d, 0x1e, 0xef, 0xbb, 0xbf])
const JSON_NAME = /\.(json|ndjson|jsonl|geojson)(\.(gz|zst|zstd))?$/i

/** The number of first bytes searched for Ansible's headings. */
const HEAD = 16 * 1024

/** Whether an input is JSON, by its name or its first character. Any other text may be YAML. */
const isJson = (file: string, head: Uint8Array): boolean => {
  if (isAnsibleOutput(Buffer.from(head.subarray(0, HEAD)).toString())) return false
  if (JSON_NAME.test(file)) return true
  if (isNamedYaml(file)) return false
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
    const { message } = error as Error
    sink.problem(
      offset === 0 ? `cannot read it: ${message}` : message,
      { file: input.name, line: null, pointer: '', offset },
      true,
    )
  } finally {
    await iterator.return?.()
  }
}
