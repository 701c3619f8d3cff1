import type { Row } from '../rows/cell.ts'

/** Values as SQLite has them. */
export type SqliteValue = string | number | bigint | Uint8Array | null

export interface SqliteStatement {
  readonly run: (values: readonly SqliteValue[]) => number
  readonly rows: (values: readonly SqliteValue[]) => IterableIterator<readonly SqliteValue[]>
  readonly close: () => void
}

/** An open SQLite file. */
export interface SqliteDriver {
  /** Runs statements without parameters. */
  readonly exec: (sql: string) => void
  readonly prepare: (sql: string) => SqliteStatement
  readonly close: () => void
}

/** Opens a file, creating it if it is not there. */
export type OpenSqlite = (path: string) => SqliteDriver

/** As SQLite binds it. */
export const toSqliteValues = (row: Row): SqliteValue[] =>
  row.map((cell) => (typeof cell === 'boolean' ? Number(cell) : cell))
