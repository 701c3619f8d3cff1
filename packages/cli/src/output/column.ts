import { EXIT } from '../exit-code.ts'
import { Problem } from '../problem.ts'
import { didYouMean } from '../suggest.ts'
import type { Column as TableColumn } from './table.ts'

/** What rows are sorted by: `null` where there is no value, which comes last. */
export type SortKey = string | number | null

/** A column of rows of one kind: the same for tables, CSV, `-o value` and sorting. */
export interface Column<Row> extends TableColumn {
  /** A path in the JSON of the row, where there is one. */
  readonly name: string
  /** For people. */
  readonly show: (row: Row) => string
  /** For programs. No value is an empty text. */
  readonly plain: (row: Row) => string
  readonly key: (row: Row) => SortKey
}

/** The columns of rows of one kind. */
export interface ColumnSet<Row> {
  /** Those that may be named. */
  readonly all: readonly Column<Row>[]
  /** Those of a table when none are named. Their headings are names too, in any case. */
  readonly table: readonly Column<Row>[]
  /** Those of CSV when none are named; default: those of the table. */
  readonly csv?: readonly Column<Row>[]
  /** The column that `-q` prints; `null`: the rows have no IDs. */
  readonly id: Column<Row> | null
  /** Columns without end, as `labels.KEY`. */
  readonly entry?: (name: string) => Column<Row> | undefined
  /** How errors name those: `labels.KEY`. */
  readonly entryNames?: readonly string[]
}

/** What a row has in a column. */
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

/** The width of an instant with seconds: half of one says nothing. */
const INSTANT_WIDTH = '2026-01-31T12:00:00Z'.length

/** A column of instants. */
export const instantColumn = <Row>(name: string, title: string, getValue: (row: Row) => string | null): Column<Row> =>
  column(name, title, getValue, { least: INSTANT_WIDTH })

/** A column set whose table has all of its columns. */
export const columnSet = <Row>(id: string | null, columns: readonly Column<Row>[]): ColumnSet<Row> => ({
  all: columns,
  table: columns,
  id: columns.find(({ name }) => name === id) ?? null,
})

/** The column of a name, of a heading of the table (`min disk` or `MIN-DISK`), of a name in any case, or of one entry of a map (`labels.KEY`). */
export const findColumn = <Row>({ all, table, entry, entryNames = [] }: ColumnSet<Row>, text: string): Column<Row> => {
  const name = text.trim()
  const lower = name.toLowerCase()
  const heading = lower.replaceAll('-', ' ')
  const found =
    all.find((one) => one.name === name) ??
    table.find((one) => one.title.toLowerCase() === heading) ??
    all.find((one) => one.name.toLowerCase() === lower) ??
    entry?.(name)
  if (found !== undefined) return found
  const known = all.map((one) => one.name)
  throw new Problem(
    `unknown column ${JSON.stringify(name)}.${didYouMean(name, [...known, ...table.map(({ title }) => title.toLowerCase())])} One of: ${[...known, ...entryNames].join(', ')}`,
    EXIT.usage,
  )
}

/** The columns that `--columns a,b` names. */
export const findColumns = <Row>(set: ColumnSet<Row>, names: string): readonly Column<Row>[] =>
  names.split(',').map((name) => findColumn(set, name))

/** Texts are compared by UTF-16 code units: the order is the same on every machine. */
const compare = (a: SortKey, b: SortKey, descending: boolean): number => {
  if (a === b) return 0
  if (a === null) return 1
  if (b === null) return -1
  const [one, other] = typeof a === typeof b ? [a, b] : [String(a), String(b)]
  return one < other === descending ? 1 : -1
}

/** The order that `--sort name,createdAt:desc` asks for. Rows that tie stay in the order in which they came, if the sort is stable. */
export const parseOrder = <Row>(set: ColumnSet<Row>, text: string): ((a: Row, b: Row) => number) => {
  const sorts = text.split(',').map((one) => {
    const [, name = '', direction = 'asc'] = /^(.*?)(?::([^:]*))?$/s.exec(one.trim()) ?? []
    if (direction !== 'asc' && direction !== 'desc')
      throw new Problem(`--sort: unknown direction ${JSON.stringify(direction)}. One of: asc, desc`, EXIT.usage)
    return { key: findColumn(set, name).key, descending: direction === 'desc' }
  })
  return (a, b) => {
    for (const { key, descending } of sorts) {
      const order = compare(key(a), key(b), descending)
      if (order !== 0) return order
    }
    return 0
  }
}
