import type { Table, VersionedTable } from '../tables/column.ts'
import { OPEN, tableName } from './definition.ts'
import { quote, type Dialect } from './dialect.ts'
import { loadedRows, createStage } from './stage.ts'

/** The statements that merge the rows of a stage into its table. `?1` is the time of the run, `?2` the last version before it, `?3` a cloud's key. */
export interface Merge {
  readonly lastVersion: string
  /** Returns 0 if no two rows have the same key. */
  readonly countDuplicates: string
  /** Keeps the last of several rows with the same key. */
  readonly dropDuplicates: string
  /** Marks unchanged rows as seen. `?1`, `?2` */
  readonly keep: string
  /** Returns the number of changed rows. `?1` */
  readonly supersede: string
  /** Returns the number of missing rows of a cloud. `?1` is the time, `?2` the cloud's key. */
  readonly retire: string
  /** Deletes the rows from the stage that `insert` must not add; `null`: `insert` omits them itself. */
  readonly dropKept: string | null
  /** Returns the number of new rows. `?1`, `?2` */
  readonly insert: string
}

export const createMerge = (dialect: Dialect, table: VersionedTable): Merge => {
  const target = tableName(dialect, table.name)
  const stage = createStage(table)
  const staged = quote(stage.name)
  const key = quote(table.history.key)
  const at = dialect.timestamp('?1')
  const inStage = (condition: string): string =>
    `EXISTS (SELECT 1 FROM ${staged} s WHERE s.${key} = ${target}.${key}${condition})`
  /** The numbers of the last row with each key. */
  const selectLast = (rows: string): string => `SELECT max("row_number") FROM ${rows} GROUP BY ${key}`
  const loaded = quote(loadedRows(stage))
  const columns = stage.columns.slice(1).map(({ name }) => quote(name))
  const isOpen = (rows: string): string =>
    `EXISTS (SELECT 1 FROM ${target} t WHERE t.${key} = ${rows}.${key} AND t."superseded_at" IS NULL AND t."missing_since" IS NULL)`
  // DuckDB would join all columns; the numbers of the rows need less memory.
  const isNew =
    dialect.name === 'duckdb'
      ? `s."row_number" NOT IN (SELECT k."row_number" FROM ${staged} k JOIN ${target} t ON t.${key} = k.${key} WHERE t."superseded_at" IS NULL AND t."missing_since" IS NULL)`
      : `NOT ${isOpen('s')}`
  // SQLite holds all rows in memory if an INSERT selects from its own table.
  const isSqlite = dialect.name === 'sqlite'
  const update = (column: string, where: string): string =>
    `UPDATE ${target} SET ${quote(column)} = ${at} WHERE ${OPEN} AND ${where}`
  // DuckDB holds the groups in memory. A wrong match costs time, because `dropDuplicates` compares the keys themselves.
  const group = dialect.name === 'duckdb' ? `hash(${key})` : key
  return {
    lastVersion: `SELECT coalesce(max("version"), 0) AS "last" FROM ${target}`,
    countDuplicates: `SELECT count(*) AS "duplicates" FROM (SELECT 1 FROM ${staged} GROUP BY ${group} HAVING count(*) > 1) d`,
    dropDuplicates:
      dialect.name === 'duckdb'
        ? `CREATE OR REPLACE TEMPORARY VIEW ${staged} AS SELECT * FROM ${loaded} WHERE "row_number" IN (${selectLast(loaded)})`
        : `DELETE FROM ${staged} WHERE "row_number" NOT IN (${selectLast(staged)})`,
    keep: update('last_seen', `"version" <= ?2 AND ${inStage(` AND s."content_hash" = ${target}."content_hash"`)}`),
    supersede: update('superseded_at', inStage(` AND s."content_hash" <> ${target}."content_hash"`)),
    retire: `UPDATE ${target} SET "missing_since" = ${at} WHERE ${OPEN} AND "cloud_key" = ?2 AND NOT ${inStage('')}`,
    dropKept: isSqlite ? `DELETE FROM ${staged} WHERE ${isOpen(staged)}` : null,
    insert: `INSERT INTO ${target} ("version", "first_seen", "last_seen", ${columns.join(', ')}) SELECT ?2 + s."row_number", ${at}, ${at}, ${columns.map((column) => `s.${column}`).join(', ')} FROM ${staged} s${isSqlite ? '' : ` WHERE ${isNew}`}`,
  }
}

/** The statement that adds the parts of new images. `?1` is the last version before the run. */
export const insertParts = (dialect: Dialect, part: Table, images: Table): string => {
  const stage = createStage(part)
  const columns = stage.columns.slice(1).map(({ name }) => quote(name))
  return `INSERT INTO ${tableName(dialect, part.name)} ("version", ${columns.join(', ')}) SELECT ?1 + s."row_number", ${columns.map((column) => `s.${column}`).join(', ')} FROM ${quote(stage.name)} s WHERE EXISTS (SELECT 1 FROM ${tableName(dialect, images.name)} i WHERE i."version" = ?1 + s."row_number")`
}
