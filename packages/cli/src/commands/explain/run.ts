import {
  explainRecord,
  FIELD_NAMES,
  type Explanation,
  type FieldExplanation,
  type FieldName,
  type ImageReader,
} from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import { count } from '../../output/count.ts'
import { maskSecrets } from '../../output/mask.ts'
import type { Output } from '../../output/stream.ts'
import { bounded } from '../../output/bounded.ts'
import { createCellWriter, type CellFormat } from '../../output/cells.ts'
import { column, type ColumnSet } from '../../output/column.ts'
import { columnsFor, sortRows, isCellFormat, requestRows, type RowRequest } from '../../output/rows.ts'
import { visible, visibleJson } from '../../output/visible.ts'
import { Problem } from '../../problem.ts'
import { outcomeToExitCode, readImages } from '../../read-images.ts'
import { formatSuggestion } from '../../format-suggestion.ts'
import { dumpOptions } from '../../input/dump-options.ts'
import type { ExplainOptions } from './options.ts'

/** The field of `--field`; `null`: all fields. */
export const parseFieldName = (field: string | undefined): FieldName | null => {
  if (field === undefined) return null
  if ((FIELD_NAMES as readonly string[]).includes(field)) return field as FieldName
  throw new Problem(
    `--field: unknown value ${JSON.stringify(field)}${formatSuggestion(field, FIELD_NAMES) || '.'} To list the fields, run: imago fields`,
    EXIT.usage,
  )
}

type Mask = (text: string) => string

const cut = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length - 1)}…` : text)

const wholeText = (value: unknown): string | null =>
  value === null || value === undefined ? null : typeof value === 'string' ? value : JSON.stringify(value)

// Masked before it is cut, because a cut URL may keep its password.
const valueText = (value: unknown, mask: Mask): string => {
  if (value === null || value === undefined) return '-'
  return cut(mask(typeof value === 'string' && value !== '' ? value : JSON.stringify(value)), 64)
}

/** `/is_protected (protected) = false`: the position in the record, the name in the API if it differs, and the value. */
const sourceText = ({ sources }: FieldExplanation, mask: Mask, maxLength = Infinity): string =>
  sources
    .filter(({ pointer }) => pointer !== null)
    .map(
      ({ wire, pointer, value }) =>
        `${pointer}${pointer?.endsWith(`/${wire}`) === true ? '' : ` (${wire})`} = ${cut(mask(JSON.stringify(value)), maxLength)}`,
    )
    .join(', ')

/** A field of an image, explained. */
interface ExplainedField {
  readonly of: Explanation
  readonly name: string | null
  readonly field: FieldExplanation
  readonly mask: Mask
}

const COLUMNS = ((): ColumnSet<ExplainedField> => {
  const table = [
    column<ExplainedField>('field', 'FIELD', ({ field }) => field.field, { whole: true }),
    column<ExplainedField>('value', 'VALUE', ({ field }) => wholeText(field.value), {
      show: ({ field, mask }) => valueText(field.value, mask),
    }),
    column<ExplainedField>('evidence', 'EVIDENCE', ({ field }) => field.evidence),
    column<ExplainedField>('from', 'FROM', ({ field, mask }) => sourceText(field, mask), {
      show: ({ field, mask }) => cut(sourceText(field, mask, 48), 96) || '-',
    }),
    column<ExplainedField>('rule', 'RULE', ({ field }) => field.why),
  ]
  const of = [
    column<ExplainedField>('provider', 'PROVIDER', ({ of: { ref } }) => ref.provider),
    column<ExplainedField>('cloud', 'CLOUD', ({ of: { ref } }) => ref.cloud),
    column<ExplainedField>('id', 'ID', ({ of: { ref } }) => ref.id, { whole: true }),
    column<ExplainedField>('name', 'NAME', ({ name }) => name),
    column<ExplainedField>('dialect', 'DIALECT', ({ of: { dialect } }) => dialect),
  ]
  return { all: [...table, ...of], table, csv: [...of, ...table], id: table[0] ?? null }
})()

/** Prints explanations. */
export interface ExplanationWriter {
  readonly write: (explanation: Explanation, name: string | null) => void
  readonly end: () => void
}

const formatTitle = ({ ref: { provider, cloud, id }, dialect }: Explanation, name: string | null): string =>
  `${provider}${cloud === null ? '' : `/${cloud}`}:${id}${name === null ? '' : `  ${name}`}  (dialect: ${dialect})`

/** The output that the options request. */
export const requestExplanations = (options: ExplainOptions): RowRequest<ExplainedField> =>
  requestRows(COLUMNS, options)

/** The settings of a writer. `field`: only this one; `null`: all. */
interface Explaining {
  readonly request: RowRequest<ExplainedField>
  readonly field: FieldName | null
  readonly mask: Mask
  readonly output: Output
}

const selectFields = (explanation: Explanation, { field }: Explaining): readonly FieldExplanation[] =>
  explanation.fields.filter((one) => field === null || one.field === field)

const toRows = (explanation: Explanation, name: string | null, explaining: Explaining): readonly ExplainedField[] =>
  sortRows(
    explaining.request,
    selectFields(explanation, explaining).map((field): ExplainedField => ({
      of: explanation,
      name,
      field,
      mask: explaining.mask,
    })),
  )

const jsonExplanations = (explaining: Explaining): ExplanationWriter => {
  const { mask, output } = explaining
  let explained = 0
  output.write('{"$schema":"urn:imago:schema:explanation:1","explanations":[')
  return {
    write: (explanation) => {
      const line = mask(JSON.stringify({ ...explanation, fields: selectFields(explanation, explaining) }))
      output.write(`${explained > 0 ? ',' : ''}\n${output.isTerminal ? visibleJson(line) : line}`)
      explained++
    },
    end: () => output.write('\n]}\n'),
  }
}

const cellExplanations = async (format: CellFormat, explaining: Explaining): Promise<ExplanationWriter> => {
  const { request, mask, output } = explaining
  const { header, rawCsv } = request
  const writer = await createCellWriter(format, columnsFor(COLUMNS, request), output, { header, rawCsv, mask })
  return {
    write: (explanation, name) => {
      for (const row of toRows(explanation, name, explaining)) writer.row(row)
    },
    end: writer.end,
  }
}

/** A table for each image. Without `-c`, a narrow terminal gets a layout that cuts nothing; one field alone has a line for each column. */
const tableExplanations = async (explaining: Explaining): Promise<ExplanationWriter> => {
  const [{ createTable }, { printAdaptiveTable }] = await Promise.all([
    import('../../output/table.ts'),
    import('../../output/adaptive-table.ts'),
  ])
  const { request, field, mask, output } = explaining
  const columns = columnsFor(COLUMNS, request)
  const writeLines = (rows: readonly ExplainedField[]): void => {
    const table = createTable(
      output,
      [
        { title: '', whole: true },
        { title: '', whole: true },
      ],
      { header: false },
    )
    for (const row of rows) for (const { title, plain } of columns) table.row([title, bounded(mask(plain(row))) || '-'])
    table.end()
  }
  const writeColumns = (rows: readonly ExplainedField[]): void => {
    const table = createTable(output, columns, { header: request.header })
    for (const row of rows) table.row(columns.map(({ show }) => mask(show(row))))
    table.end()
  }
  const writeAdaptive = (rows: readonly ExplainedField[]): void =>
    printAdaptiveTable(
      output,
      columns.map(({ name, title }) => ({ title, isKey: name === 'field' || name === 'evidence' })),
      rows.map((row) => ({
        cells: columns.map(({ plain }) => mask(plain(row))),
        short: columns.map(({ show }) => mask(show(row))),
      })),
      { header: request.header },
    )
  const writeRows =
    field !== null && output.width !== null ? writeLines : request.columns === null ? writeAdaptive : writeColumns
  let explained = 0
  return {
    write: (explanation, name) => {
      if (explained > 0) output.write('\n')
      explained++
      output.write(`${visible(mask(formatTitle(explanation, name)))}\n`)
      writeRows(toRows(explanation, name, explaining))
    },
    end: () => undefined,
  }
}

/** Creates a writer for the requested format. `field`: only this one; `null`: all. */
export const createExplanationWriter = (
  request: RowRequest<ExplainedField>,
  field: FieldName | null,
  showSecrets: boolean,
  output: Output,
): ExplanationWriter | Promise<ExplanationWriter> => {
  const explaining: Explaining = { request, field, mask: showSecrets ? (text) => text : maskSecrets, output }
  const { format } = request
  if (format === 'table') return tableExplanations(explaining)
  return isCellFormat(format) ? cellExplanations(format, explaining) : jsonExplanations(explaining)
}

/** `imago explain`: prints each field's value, evidence, source and mapping rule. */
export const explain = async (
  file: string | undefined,
  options: ExplainOptions,
  output: Output,
  messages: Output,
  readers?: readonly ImageReader[],
): Promise<ExitCode> => {
  const request = requestExplanations(options)
  const field = parseFieldName(options.field)
  const dump = dumpOptions(options, readers)
  const writer = await createExplanationWriter(request, field, options.showSecrets === true, output)
  const ids: string[] = []
  let explained = 0

  const outcome = await readImages(
    file === undefined ? [] : [file],
    dump,
    {
      image: (image, _drift, _text, record) => {
        if (ids.length < 1000) ids.push(image.ref.id)
        if (options.id !== undefined && options.id !== image.ref.id) return
        const explanation = explainRecord(record, '', dump)
        if (E.isLeft(explanation)) return
        writer.write(explanation.right, image.name ?? image.description)
        explained++
      },
      flush: output.flush,
    },
    messages,
  )
  writer.end()
  await output.end()
  if (options.id !== undefined && explained === 0) {
    throw new Problem(
      `image not found: ${options.id}${outcome.images === 0 ? '' : ` (${count(outcome.images, 'image')} read)`}${formatSuggestion(options.id, ids)}`,
      EXIT.notFound,
    )
  }
  return outcomeToExitCode(outcome)
}
