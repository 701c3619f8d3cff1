import { parse } from 'csv-parse/sync'
import { isJsonObject } from '@imago/core'
import { parseJson, type Plan } from '@imago/transfer'
import * as E from 'fp-ts/lib/Either.js'
import { EXIT } from '../exit-code.ts'
import { Problem } from '../problem.ts'
import { parsePlans } from '../transfer/read-plans.ts'

/** A transfer to plan, as the words of `imago plan`. */
export interface TransferWords {
  readonly source: string
  readonly target: string
}

/** The content of a file of transfers. */
export type TransferFile =
  | { readonly kind: 'plans'; readonly plans: readonly Plan[] }
  | { readonly kind: 'words'; readonly words: readonly TransferWords[] }

const COLUMNS = ['source', 'target'] as const

const FORMATS =
  'Use CSV with the columns source and target, NDJSON with these keys, or plans written by imago plan -o json'

const toWords = (file: string, place: string, row: Readonly<Record<string, unknown>>): TransferWords => {
  const unknown = Object.keys(row).find((key) => !COLUMNS.some((column) => column === key))
  if (unknown !== undefined)
    throw new Problem(
      `cannot read ${file}: ${place}: unknown column ${JSON.stringify(unknown)}. ${FORMATS}`,
      EXIT.usage,
    )
  const [source, target] = COLUMNS.map((column) => {
    const value = row[column]
    if (typeof value !== 'string' || value.trim() === '')
      throw new Problem(`cannot read ${file}: ${place}: the ${column} is missing. ${FORMATS}`, EXIT.usage)
    return value.trim()
  })
  return { source: source ?? '', target: target ?? '' }
}

const parseCsv = (file: string, text: string): readonly TransferWords[] => {
  let rows: readonly { readonly record: Readonly<Record<string, string>>; readonly info: { readonly lines: number } }[]
  try {
    rows = parse(text, { columns: true, info: true, bom: true, skip_empty_lines: true, trim: true }) as typeof rows
  } catch (thrown) {
    throw new Problem(`cannot read ${file}: ${(thrown as Error).message}. ${FORMATS}`, EXIT.usage)
  }
  return rows.map(({ record, info }) => toWords(file, `line ${info.lines}`, record))
}

const parseLines = (file: string, text: string): readonly TransferWords[] =>
  text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return []
    const parsed = parseJson(line)
    const place = `line ${index + 1}`
    if (E.isLeft(parsed)) throw new Problem(`cannot read ${file}: ${place} ${parsed.left}. ${FORMATS}`, EXIT.usage)
    if (!isJsonObject(parsed.right))
      throw new Problem(`cannot read ${file}: ${place}: not a JSON object. ${FORMATS}`, EXIT.usage)
    return [toWords(file, place, parsed.right)]
  })

const isPlanDocument = (document: unknown): boolean =>
  isJsonObject(document) &&
  typeof document['$schema'] === 'string' &&
  document['$schema'].startsWith('urn:imago:schema:plan')

/** Parses a file of transfers: CSV, NDJSON, or plans. */
export const parseTransferFile = (file: string, text: string): TransferFile => {
  const start = text.replace(/^\ufeff/, '').trimStart()
  if (!start.startsWith('{')) return { kind: 'words', words: parseCsv(file, text) }
  const whole = parseJson(start)
  return E.isRight(whole) && isPlanDocument(whole.right)
    ? { kind: 'plans', plans: parsePlans(file, start) }
    : { kind: 'words', words: parseLines(file, start) }
}
