import { required, type Column, type Table } from '../tables/column.ts'
import { quote, type Dialect } from './dialect.ts'
import { columnDefinition } from './definition.ts'

/** A table that the rows of a transaction are loaded into before they are compared with those that are there. */
export interface Stage {
  readonly name: string
  /** The first is the number of the row; rows of parts have that of their image. */
  readonly columns: readonly Column[]
  /** The column that rows are found by; `null`: they are not searched. */
  readonly key: string | null
}

const rowNumber = required('row_number', 'integer', 'The number of the row in this transaction.')

const HISTORY_OWN: ReadonlySet<string> = new Set([
  'version',
  'first_seen',
  'last_seen',
  'superseded_at',
  'missing_since',
])

export const stageOf = ({ name, columns, history }: Table): Stage => ({
  key: history?.key ?? null,
  name: `stage_${name}`,
  columns: [rowNumber, ...columns.filter((column) => !HISTORY_OWN.has(column.name))],
})

/** In DuckDB a stage is a view of what was loaded, which has this name. */
export const loadedRows = ({ name }: Stage): string => `${name}_loaded`

/** The columns of a stage, as `CREATE TABLE` takes them. */
export const stageDefinition = (dialect: Dialect, { name, columns }: Stage): string =>
  `${quote(name)} (${columns.map((column) => columnDefinition(dialect, column)).join(', ')})`
