import { required, type Column, type Table } from '../tables/column.ts'
import { quote, type Dialect } from './dialect.ts'
import { columnDefinition } from './definition.ts'

/** A table for the rows of a transaction, which are compared with the existing rows. */
export interface Stage {
  readonly name: string
  /** The first one is the row number; rows of parts have that of their image. */
  readonly columns: readonly Column[]
  /** The indexed column; `null`: none. */
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

export const createStage = ({ name, columns, history }: Table): Stage => ({
  key: history?.key ?? null,
  name: `stage_${name}`,
  columns: [rowNumber, ...columns.filter((column) => !HISTORY_OWN.has(column.name))],
})

/** The name of the loaded data. In DuckDB, a stage is a view of it. */
export const loadedRows = ({ name }: Stage): string => `${name}_loaded`

/** The columns of a stage for `CREATE TABLE`. */
export const stageDefinition = (dialect: Dialect, { name, columns }: Stage): string =>
  `${quote(name)} (${columns.map((column) => columnDefinition(dialect, column)).join(', ')})`
