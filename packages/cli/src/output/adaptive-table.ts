import { bounded } from './bounded.ts'
import type { Output } from './stream.ts'
import { createTable, measureLine, measureText, type Column } from './table.ts'
import { visible } from './visible.ts'
import { wrapped } from './wrapped.ts'

/** A column of a table that changes its layout on a narrow terminal. */
export interface AdaptiveColumn extends Pick<Column, 'title' | 'align'> {
  /** Stays a column in the narrow layout. The other cells become lines beside it. */
  readonly isKey?: boolean
}

/** A row, with a text for each column. An empty text is no value. */
export interface AdaptiveRow {
  readonly cells: readonly string[]
  /** Shortened texts for outputs that are not terminals, where a line should stay readable. */
  readonly short?: readonly string[]
}

const orDash = (text: string): string => text || '-'

const fits = (columns: readonly AdaptiveColumn[], rows: readonly AdaptiveRow[], width: number): boolean =>
  measureLine(
    columns.map(({ title }, index) =>
      Math.max(measureText(title), ...rows.map(({ cells }) => measureText(orDash(visible(cells[index] ?? ''))))),
    ),
  ) <= width

/** The key cells as columns, and a line for each other cell: `from: debian-12`. Lines are wrapped between words; nothing is cut. */
const printNarrow = (
  output: Output,
  columns: readonly AdaptiveColumn[],
  rows: readonly AdaptiveRow[],
  width: number,
  header: boolean,
): void => {
  const keys = columns.flatMap(({ isKey }, index) => (isKey === true ? [index] : []))
  const others = columns.flatMap(({ isKey, title }, index) =>
    isKey === true ? [] : [{ index, label: title.toLowerCase() }],
  )
  const keyWidth = keys.reduce(
    (sum, index) =>
      sum +
      2 +
      Math.max(measureText(columns[index]?.title ?? ''), ...rows.map(({ cells }) => measureText(cells[index] ?? ''))),
    0,
  )
  const table = createTable(
    output,
    [
      ...keys.map((index) => ({ ...columns[index], title: columns[index]?.title ?? '', whole: true })),
      { title: '', whole: true },
    ],
    { header },
  )
  for (const { cells } of rows) {
    const lines = others
      .filter(({ index }) => (cells[index] ?? '') !== '')
      .flatMap(({ index, label }) =>
        wrapped(`${label}: ${bounded(visible(cells[index] ?? ''))}`, Math.max(1, width - keyWidth)).split('\n'),
      )
    for (const [at, line] of (lines.length === 0 ? [''] : lines).entries())
      table.row([...keys.map((index) => (at === 0 ? orDash(cells[index] ?? '') : '')), line])
  }
  table.end()
}

/**
 * Prints rows as a table if their complete texts fit the terminal, else in a narrow layout that cuts nothing. On outputs that are not terminals, prints a
 * table of the short texts.
 */
export const printAdaptiveTable = (
  output: Output,
  columns: readonly AdaptiveColumn[],
  rows: readonly AdaptiveRow[],
  { header = true }: { readonly header?: boolean | undefined } = {},
): void => {
  if (output.width !== null && !fits(columns, rows, output.width))
    return printNarrow(output, columns, rows, output.width, header)
  const table = createTable(output, columns, { header })
  for (const { cells, short = cells } of rows) table.row((output.width === null ? short : cells).map(orDash))
  table.end()
}
