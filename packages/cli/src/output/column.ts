import { EXIT } from '../exit-code.ts'
import { Problem } from '../problem.ts'
import { formatSuggestion } from '../format-suggestion.ts'
import type { Column as TableColumn } from './table.ts'

/** The sort key of a row; `null` (no value) sorts last. */
export type SortKey = string | number | null

/** A column, shared by tables, CSV, `-o value` and sorting. */
export interface Column<Row> extends TableColumn {
  /** The path in the JSON of the row, if it has one. */
  readonly name: string
  /** The text in a table. */
  readonly show: (row: Row) => string
  /** The text in CSV and `-o value`; empty if there is no value. */
  readonly plain: (row: Row) => string
  readonly key: (row: Row) => SortKey
  /** Whether documents such as `-o json` have its value only if the column is named; default: they have it in any case. */
  readonly isAddition?: boolean
}

/** The columns of a command's rows. */
export interface ColumnSet<Row> {
  /** The columns that `--columns` accepts. */
  readonly all: readonly Column<Row>[]
  /** The default columns of a table. Their headings are accepted as names, in any case. */
  readonly table: readonly Column<Row>[]
  /** The default columns of CSV; default: those of the table. */
  readonly csv?: readonly Column<Row>[]
  /** The column that `-q` prints; `null`: the rows have no IDs. */
  readonly id: Column<Row> | null
  /** Columns with a key in their name, as `labels.KEY`. */
  readonly entry?: (name: string) => Column<Row> | undefined
  /** The names of those columns in errors: `labels.KEY`. */
  readonly entryNames?: readonly string[]
}

/** The value of a row in a column. */
export type CellValue = SortKey | boolean | readonly string[]

const plainText = (value: CellValue): string =>
  value === null ? '' : typeof value === 'object' ? value.join(', ') : String(value)

const toSortKey = (value: CellValue): SortKey =>
  typeof value === 'number' || value === null ? value : plainText(value) === '' ? null : plainText(value)

/** A column of one value of the row. */
export const column = <Row>(
  name: string,
  title: string,
  getValue: (row: Row) => CellValue,
  more: Partial<Omit<Column<Row>, 'name' | 'title'>> = {},
): Column<Row> => ({
  name,
  title,
  show: (row) => plainText(getValue(row)) || '-',
  plain: (row) => plainText(getValue(row)),
  key: (row) => toSortKey(getValue(row)),
  ...more,
})

/** The width of an instant with seconds. A shorter column would cut the time. */
const INSTANT_WIDTH = '2026-01-31T12:00:00Z'.length

/** A column of instants. */
export const instantColumn = <Row>(name: string, title: string, getValue: (row: Row) => string | null): Column<Row> =>
  column(name, title, getValue, { minWidth: INSTANT_WIDTH })

/** A column set whose table shows all columns. */
export const columnSet = <Row>(id: string | null, columns: readonly Column<Row>[]): ColumnSet<Row> => ({
  all: columns,
  table: columns,
  id: columns.find(({ name }) => name === id) ?? null,
})

/** Names and headings are compared without case, spaces, hyphens and underscores. */
const fold = (text: string): string => text.toLowerCase().replaceAll(/[\s_-]/g, '')

/** The column with this name or heading (`usedBy`, `used by`, `MIN-DISK`), or of an entry (`labels.KEY`). */
export const findColumn = <Row>(
  { all, table, entry, entryNames = [] }: ColumnSet<Row>,
  text: string,
  option: '--columns' | '--sort' = '--columns',
): Column<Row> => {
  const name = text.trim()
  const folded = fold(name)
  const found =
    all.find((one) => one.name === name) ??
    table.find((one) => one.title !== '' && fold(one.title) === folded) ??
    all.find((one) => fold(one.name) === folded || (one.title !== '' && fold(one.title) === folded)) ??
    entry?.(name)
  if (found !== undefined) return found
  const known = all.map((one) => one.name)
  throw new Problem(
    `${option}: unknown column ${JSON.stringify(name)} (one of: ${[...known, ...entryNames].join(', ')})${formatSuggestion(name, [...known, ...all.map(({ title }) => title.toLowerCase())])}`,
    EXIT.usage,
  )
}

/** The columns of `--columns a,b`. */
export const findColumns = <Row>(set: ColumnSet<Row>, names: string): readonly Column<Row>[] =>
  names.split(',').map((name) => findColumn(set, name))

/** Compares texts by UTF-16 code units, so that the order is the same on every machine. */
const compare = (a: SortKey, b: SortKey, descending: boolean): number => {
  if (a === b) return 0
  if (a === null) return 1
  if (b === null) return -1
  const [one, other] = typeof a === typeof b ? [a, b] : [String(a), String(b)]
  return one < other === descending ? 1 : -1
}

/** The columns that `--sort name,createdAt:desc` names. */
export const findSortColumns = <Row>(set: ColumnSet<Row>, text: string): readonly Column<Row>[] =>
  text.split(',').map((one) => findColumn(set, one.trim().replace(/:[^:]*$/, ''), '--sort'))

/** The order of `--sort name,createdAt:desc`. With a stable sort, equal rows keep their order. */
export const parseOrder = <Row>(set: ColumnSet<Row>, text: string): ((a: Row, b: Row) => number) => {
  const sorts = text.split(',').map((one) => {
    const [, name = '', direction = 'asc'] = /^(.*?)(?::([^:]*))?$/s.exec(one.trim()) ?? []
    if (direction !== 'asc' && direction !== 'desc')
      throw new Problem(`--sort: unknown direction ${JSON.stringify(direction)} (one of: asc, desc)`, EXIT.usage)
    return { key: findColumn(set, name, '--sort').key, descending: direction === 'desc' }
  })
  return (a, b) => {
    for (const { key, descending } of sorts) {
      const order = compare(key(a), key(b), descending)
      if (order !== 0) return order
    }
    return 0
  }
}
