import { EXIT } from '../exit-code.ts'
import { Problem } from '../problem.ts'
import { CELL_FORMATS, createCellWriter, type CellFormat } from './cells.ts'
import { findColumns, findSortColumns, parseOrder, type Column, type ColumnSet } from './column.ts'
import { writeDocument } from './document.ts'
import { maskSecrets } from './mask.ts'
import type { Output } from './stream.ts'

/** The output options, as `rowOptions` and `imageOptions` declare them. */
export interface PrintOptions {
  readonly output: string
  readonly columns?: string | undefined
  readonly header?: boolean | undefined
  readonly sort?: string | undefined
  readonly quiet?: boolean | undefined
  readonly rawCsv?: boolean | undefined
}

/** The requested output of rows. */
export interface RowRequest<Row> {
  /** One of `CELL_FORMATS`, or another format of the command. */
  readonly format: string
  /** The columns of `--columns`; `null`: the default columns of the format. */
  readonly columns: readonly Column<Row>[] | null
  readonly order: ((a: Row, b: Row) => number) | null
  /** The names of the columns that `--columns` and `--sort` name. */
  readonly named: ReadonlySet<string>
  readonly header: boolean
  readonly rawCsv: boolean
}

const includesWord = (words: readonly string[], word: string): boolean => words.includes(word)

/** The formats that `-q` can be combined with: the defaults, and `value`. */
const QUIET_FORMATS = ['table', 'value', 'id', 'address']

/** The formats that print documents. They have all fields, and the values of additional columns that are named. */
const DOCUMENT_FORMATS = ['json', 'ndjson', 'yaml']

export const isDocumentFormat = (format: string): boolean => includesWord(DOCUMENT_FORMATS, format)

const isAdditionalColumn = ({ isAddition }: Pick<Column<never>, 'isAddition'>): boolean => isAddition === true

/** Refuses --columns where no column has an effect on the format. */
const checkFormat = ({ all }: ColumnSet<never>, output: string): void => {
  if (includesWord(['table', 'csv', 'value'], output) || (isDocumentFormat(output) && all.some(isAdditionalColumn)))
    return
  const what = includesWord(['id', 'address'], output) ? `-o ${output} prints one value` : `${output} has all fields`
  throw new Problem(`--columns applies only to -o table, csv and value: ${what}`, EXIT.usage)
}

/** Parses --columns. A document must have an additional column: it has the others in any case. */
const parseColumns = <Row>(set: ColumnSet<Row>, names: string, output: string): readonly Column<Row>[] => {
  checkFormat(set, output)
  const chosen = findColumns(set, names)
  if (!isDocumentFormat(output) || chosen.some(isAdditionalColumn)) return chosen
  const additions = set.all.filter(isAdditionalColumn).map(({ name }) => name)
  throw new Problem(`-o ${output} has all fields; --columns can only add ${additions.join(', ')}`, EXIT.usage)
}

const checkQuiet = ({ id }: ColumnSet<never>, { output, columns, header }: PrintOptions): void => {
  if (id === null) throw new Problem('-q is not available: these rows have no IDs. Use -o value', EXIT.usage)
  if (!includesWord(QUIET_FORMATS, output))
    throw new Problem(`-q and -o ${output} cannot be combined: -q prints only IDs`, EXIT.usage)
  if (columns !== undefined)
    throw new Problem(
      `-q and --columns cannot be combined: -q prints only IDs. Use -o value --columns ${columns}`,
      EXIT.usage,
    )
  if (header === false) throw new Problem('-q and --no-header cannot be combined: -q prints no header row', EXIT.usage)
}

/** Parses the output options. An option that would have no effect is an error. */
export const requestRows = <Row>(set: ColumnSet<Row>, options: PrintOptions): RowRequest<Row> => {
  const { output, columns, header, sort, quiet, rawCsv } = options
  if (quiet === true) checkQuiet(set, options)
  if (header === false && output !== 'table' && output !== 'csv')
    throw new Problem(`--no-header applies only to -o table and csv: ${output} has no header row`, EXIT.usage)
  if (rawCsv === true && output !== 'csv') throw new Problem('--raw-csv applies only to -o csv', EXIT.usage)
  const chosen = columns === undefined ? null : parseColumns(set, columns, output)
  const order = sort === undefined ? null : parseOrder(set, sort)
  return {
    format: quiet === true ? 'id' : output,
    columns: chosen,
    order,
    named: new Set(
      [...(chosen ?? []), ...(sort === undefined ? [] : findSortColumns(set, sort))].map(({ name }) => name),
    ),
    header: header !== false,
    rawCsv: rawCsv === true,
  }
}

/** The columns to print. */
export const columnsFor = <Row>(
  { table, csv, id }: ColumnSet<Row>,
  { format, columns }: Pick<RowRequest<Row>, 'format' | 'columns'>,
): readonly Column<Row>[] => {
  if (format === 'id') return id === null ? [] : [id]
  return columns ?? (format === 'csv' ? (csv ?? table) : table)
}

export const isCellFormat = (format: string): format is CellFormat => includesWord(CELL_FORMATS, format)

/** The rows in the requested order. */
export const sortRows = <Row>({ order }: Pick<RowRequest<Row>, 'order'>, rows: readonly Row[]): readonly Row[] =>
  order === null ? rows : rows.toSorted(order)

/** Prints rows as cells, or as the JSON document that `toDocument` returns. */
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
  for (const row of ordered) {
    writer.row(row)
    await output.flush()
  }
  writer.end()
}
