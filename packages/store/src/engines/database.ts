import type { Cell, Row } from '../rows/cell.ts'
import type { Dialect } from '../sql/dialect.ts'
import type { ColumnQuery } from '../sql/history.ts'
import type { Stage } from '../sql/stage.ts'

/** Readers need no write access to a file. */
export type Access = 'read' | 'write'

/** A connection to a database. Its methods throw the errors of the engine's library. Parameters are `?1`, `?2` … */
export interface Database {
  readonly dialect: Dialect
  /** Its display name. */
  readonly title: string
  /** Begins a transaction that excludes other writers. */
  readonly begin: () => Promise<void>
  readonly commit: () => Promise<void>
  readonly rollback: () => Promise<void>
  /** Returns the number of changed rows. */
  readonly run: (sql: string, parameters?: readonly Cell[]) => Promise<number>
  /** Inserts many rows by one statement. Returns their number. */
  readonly insert: (sql: string, parameters: readonly Cell[]) => Promise<number>
  /** Returns the number that the query selects. */
  readonly count: (sql: string, parameters?: readonly Cell[]) => Promise<number>
  /** The rows of a query, in batches. */
  readonly select: (query: ColumnQuery, parameters?: readonly Cell[]) => AsyncGenerator<readonly Row[], void, undefined>
  /** The names of all tables, in its schema. */
  readonly tables: () => Promise<readonly string[]>
  readonly columns: (table: string) => Promise<readonly string[]>
  /** Creates a stage, which exists at most until the end of the transaction. */
  readonly createStage: (stage: Stage) => Promise<void>
  /** Adds rows to a stage. */
  readonly load: (stage: Stage, rows: readonly Row[]) => Promise<void>
  /** Completes the stage: queries can use it, and it accepts no more rows. */
  readonly endLoad: (stage: Stage) => Promise<void>
  readonly dropStage: (stage: Stage) => Promise<void>
  readonly close: () => Promise<void>
}

/** All rows of a query with few rows. */
export const selectAll = async (
  database: Database,
  query: ColumnQuery,
  parameters: readonly Cell[] = [],
): Promise<readonly Row[]> => {
  const all: Row[] = []
  for await (const rows of database.select(query, parameters)) all.push(...rows)
  return all
}
