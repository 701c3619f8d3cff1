import type { Column, VersionedTable } from '../tables/column.ts'
import { runsTable } from '../tables/tables.ts'
import { tableName } from './definition.ts'
import { quote, type Dialect } from './dialect.ts'

/** A query and its columns. */
export interface ColumnQuery {
  readonly sql: string
  readonly columns: readonly Column[]
}

const read = (dialect: Dialect, columns: readonly Column[]): string =>
  columns.map((column) => dialect.read(column, quote(column.name))).join(', ')

/** The rows of a table that existed at the time `?1`, in the cloud with the key `?2`. */
export const selectAt = (dialect: Dialect, table: VersionedTable, columns: readonly Column[]): ColumnQuery => {
  const at = dialect.timestamp('?1')
  const isLater = (column: string): string => `(${quote(column)} IS NULL OR ${quote(column)} > ${at})`
  return {
    sql: `SELECT ${read(dialect, columns)} FROM ${tableName(dialect, table.name)} WHERE "cloud_key" = ?2 AND "first_seen" <= ${at} AND ${isLater('superseded_at')} AND ${isLater('missing_since')} ORDER BY "version"`,
    columns,
  }
}

/** The last run of each cloud until the time `?1`, sorted by cloud. */
export const selectRunsAt = (dialect: Dialect): ColumnQuery => {
  const runs = tableName(dialect, runsTable.name)
  const at = dialect.timestamp('?1')
  return {
    sql: `SELECT ${read(dialect, runsTable.columns)} FROM ${runs} WHERE "observed_at" <= ${at} AND NOT EXISTS (SELECT 1 FROM ${runs} later WHERE later."cloud_key" = ${runs}."cloud_key" AND later."observed_at" > ${runs}."observed_at" AND later."observed_at" <= ${at}) ORDER BY "cloud_key"`,
    columns: runsTable.columns,
  }
}
