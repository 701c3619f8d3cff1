import { EXIT } from '../exit-code.ts'
import { Problem } from '../problem.ts'
import { CELL_FORMATS, createCellWriter, type CellFormat } from './cells.ts'
import { findColumns, parseOrder, type Column, type ColumnSet } from './column.ts'
import { maskSecrets } from './mask.ts'
import type { Output } from './stream.ts'
import { visibleJson } from './visible.ts'

/** What the options of a command say of its output: `rowOptions` and `imageOptions` declare them. */
export interface PrintOptions {
  readonly output: string
  readonly columns?: string | undefined
  readonly header?: boolean | undefined
  readonly sort?: string | undefined
  readonly quiet?: boolean | undefined
  readonly rawCsv?: boolean | undefined
}

/** How rows are to be printed. */
export interface RowRequest<Row> {
  /** One of `CELL_FORMATS`, or a format of the command's own. */
  readonly format: string
  /** Those that were named; `null`: those that the format has. */
  readonly columns: readonly Column<Row>[] | null
  readonly order: ((a: Row, b: Row) => number) | null
  readonly header: boolean
  readonly rawCsv: boolean
}

const includesWord = (words: readonly string[], word: string): boolean => words.includes(word)

/** Formats in which `-q` is no contradiction: those that a command has when none is named, and that of one value a line. */
const QUIET_FORMATS = ['table', 'value', 'id', 'address']

const checkQuiet = ({ id }: ColumnSet<never>, { output, columns, header }: PrintOptions): void => {
  if (id === null) throw new Problem('-q prints IDs only, and these have none. Use -o value', EXIT.usage)
  if (!includesWord(QUIET_FORMATS, output))
    throw new Problem(`-q prints IDs only. For -o ${output}, leave it out`, EXIT.usage)
  if (columns !== undefined)
    throw new Problem(`-q prints IDs only. For columns, use -o value --columns ${columns}`, EXIT.usage)
  if (header === false) throw new Problem('-q prints no headings. Leave out --no-header', EXIT.usage)
}

/** What the options ask for. An option that would be ignored is a mistake that would not be noticed: the error says what it goes with. */
export const requestRows = <Row>(set: ColumnSet<Row>, options: PrintOptions): RowRequest<Row> => {
  const { output, columns, header, sort, quiet, rawCsv } = options
  if (quiet === true) checkQuiet(set, options)
  if (header === false && output !== 'table' && output !== 'csv')
    throw new Problem(`--no-header goes with -o table and csv: ${output} has no headings`, EXIT.usage)
  if (columns !== undefined && !includesWord(['table', 'csv', 'value'], output))
    throw new Problem(
      `--columns goes with -o table, csv and value: ${includesWord(['id', 'address'], output) ? `-o ${output} prints one value` : `${output} has every field`}`,
      EXIT.usage,
    )
  if (rawCsv === true && output !== 'csv') throw new Problem(`--raw-csv goes with -o csv`, EXIT.usage)
  return {
    format: quiet === true ? 'id' : output,
    columns: columns === undefined ? null : findColumns(set, columns),
    order: sort === undefined ? null : parseOrder(set, sort),
    header: header !== false,
    rawCsv: rawCsv === true,
  }
}

/** The columns of a format that prints cells. */
export const columnsFor = <Row>(
  { table, csv, id }: ColumnSet<Row>,
  { format, columns }: Pick<RowRequest<Row>, 'format' | 'columns'>,
): readonly Column<Row>[] => {
  if (format === 'id') return id === null ? [] : [id]
  return columns ?? (format === 'csv' ? (csv ?? table) : table)
}

/** A JSON document of imago's own, without secrets. */
export const writeDocument = (document: unknown, output: Output): void => {
  const text = maskSecrets(JSON.stringify(document, null, 2))
  output.write(`${output.isTerminal ? visibleJson(text) : text}\n`)
}

export const isCellFormat = (format: string): format is CellFormat => includesWord(CELL_FORMATS, format)

/** The rows in the order that was asked for. */
export const sortRows = <Row>({ order }: Pick<RowRequest<Row>, 'order'>, rows: readonly Row[]): readonly Row[] =>
  order === null ? rows : rows.toSorted(order)

/** Prints rows as cells, or as the JSON document that `toDocument` makes of them. */
export const printRows = async <Row>(
  set: ColumnSet<Row>,
  request: RowRequest<Row>,
  rows: readonly Row[],
  output: Output,
  toDocument: (rows: readonly Row[]) => unknown,
): Promise<void> => {
  const ordered = sortRows(request, rows)
  if (!isCellFormat(request.format)) return writeDocument(toDocument(ordered), output)
  const { header, rawCsv } = request
  const writer = await createCellWriter(request.format, columnsFor(set, request), output, {
    header,
    rawCsv,
    mask: maskSecrets,
  })
  for (const row of ordered) writer.row(row)
  writer.end()
}
