import type { Row } from '../rows/cell.ts'
import type { Access } from './database.ts'

/** Values of SQLite. */
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

/** Opens a file, or creates it. */
export type OpenSqlite = (path: string, access: Access) => SqliteDriver

/** Converts a cell to a parameter of SQLite. */
export const toSqliteValues = (row: Row): SqliteValue[] =>
  row.map((cell) => (typeof cell === 'boolean' ? Number(cell) : cell))
