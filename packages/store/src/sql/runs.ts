import { required } from '../tables/column.ts'
import { runsTable } from '../tables/tables.ts'
import { tableName } from './definition.ts'
import type { ColumnQuery } from './history.ts'
import { quote, type Dialect } from './dialect.ts'

const last = required('last', 'timestamp', 'The time of the last run.')

/** Returns the time of the last run of the cloud with the key `?1`; `null`: none. */
export const selectLastRun = (dialect: Dialect): ColumnQuery => ({
  sql: `SELECT ${dialect.read(last, 'max("observed_at")')} FROM ${tableName(dialect, runsTable.name)} WHERE "cloud_key" = ?1`,
  columns: [last],
})

/** Adds a run. The parameters are the columns of the table. */
export const insertRun = (dialect: Dialect): string => {
  const names = runsTable.columns.map(({ name }) => quote(name))
  const values = runsTable.columns.map(({ type }, index) =>
    type === 'timestamp' ? dialect.timestamp(`?${index + 1}`) : `?${index + 1}`,
  )
  return `INSERT INTO ${tableName(dialect, runsTable.name)} (${names.join(', ')}) VALUES (${values.join(', ')})`
}
