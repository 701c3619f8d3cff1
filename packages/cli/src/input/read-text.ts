import { findRecords, isJsonObject } from '@imago/core'
import { countNewlines, describeInvalidByte, findInvalidByte } from '@imago/json-records'
import { Problem } from '../problem.ts'
import { ansibleResults, isAnsibleOutput, type AnsibleResult } from './ansible-output.ts'
import { PYTHON_NOTATION, SAVE_AS_JSON } from './other-text.ts'
import type { InputPosition, RecordSink } from './record-sink.ts'

/** YAML is read into memory as a whole, so its size is limited. */
export const MAX_YAML_BYTES = 64 * 1024 * 1024

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
    throw new Problem(
      `line ${text.slice(0, nul).split('\n').length}: it is not text, because it contains a NUL character`,
    )
  return text
}

/** Reports text that is neither JSON nor YAML. */
const refuseText = (file: string, place: Partial<InputPosition>, sink: RecordSink): void =>
  sink.problem(`neither JSON nor YAML: ${SAVE_AS_JSON}`, { file, line: null, pointer: '', ...place, offset: 0 }, true)

const YAML_NAME = /\.ya?ml(\.(gz|zst|zstd))?$/i

/** Whether the name of an input is that of a YAML file, which may be compressed. */
export const isNamedYaml = (file: string): boolean => YAML_NAME.test(file)

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

/** Reads the records of YAML, or of Ansible's output. */
export const readText = async (
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
