import type { Column } from './column.ts'
import { formatCsvCell, formatRawCsvCell } from './csv.ts'
import type { Output } from './stream.ts'
import { visible } from './visible.ts'

/** The formats that print the same columns of each row. */
export const CELL_FORMATS = ['table', 'csv', 'value', 'id'] as const
/** `value`: cells between tabs. `id`: one cell a line. */
export type CellFormat = (typeof CELL_FORMATS)[number]

export interface CellOptions {
  /** `false`: omit the header row of a table or CSV. */
  readonly header?: boolean | undefined
  /** Do not escape CSV cells that a spreadsheet would run as formulas. */
  readonly rawCsv?: boolean | undefined
  readonly mask: (text: string) => string
}

/** Prints rows as they arrive. The output depends only on the rows. */
export interface CellWriter<Row> {
  /** `mark`: the mark after the cell of a column in a table. */
  readonly row: (row: Row, mark?: (column: Column<Row>) => string) => void
  /** Writes the rows held so far. */
  readonly settle: () => void
  readonly end: () => void
}

const nothing = (): void => undefined

const tableWriter = async <Row>(
  columns: readonly Column<Row>[],
  output: Output,
  { header, mask }: CellOptions,
): Promise<CellWriter<Row>> => {
  const { createTable } = await import('./table.ts')
  const table = createTable(output, columns, { header })
  return {
    row: (row, mark) =>
      table.row(
        columns.map(
          (column) => mask(column.show(row)) + (mark === undefined || column.plain(row) === '' ? '' : mark(column)),
        ),
      ),
    settle: table.settle,
    end: table.end,
  }
}

const csvWriter = <Row>(
  columns: readonly Column<Row>[],
  output: Output,
  { header, mask, rawCsv }: CellOptions,
): CellWriter<Row> => {
  const format = rawCsv === true ? formatRawCsvCell : formatCsvCell
  const line = (cells: readonly string[]): void => {
    const text = cells.join(',')
    output.write(`${output.isTerminal ? visible(text) : text}\n`)
  }
  if (header !== false) line(columns.map(({ name }) => format(name)))
  return { row: (row) => line(columns.map((column) => format(mask(column.plain(row))))), settle: nothing, end: nothing }
}

/** Prints a line for each row, for scripts. Tabs and line breaks in values become blanks. */
const valueWriter = <Row>(columns: readonly Column<Row>[], output: Output, { mask }: CellOptions): CellWriter<Row> => ({
  row: (row) => {
    const values = columns.map((column) => mask(column.plain(row)).replaceAll(/[\t\r\n]/g, ' '))
    output.write(`${output.isTerminal ? values.map(visible).join('  ') : values.join('\t')}\n`)
  },
  settle: nothing,
  end: nothing,
})

/** Creates a writer of cells. */
export const createCellWriter = <Row>(
  format: CellFormat,
  columns: readonly Column<Row>[],
  output: Output,
  options: CellOptions,
): CellWriter<Row> | Promise<CellWriter<Row>> => {
  switch (format) {
    case 'table':
      return tableWriter(columns, output, options)
    case 'csv':
      return csvWriter(columns, output, options)
    case 'value':
    case 'id':
      return valueWriter(columns, output, options)
  }
}
