import type { Cell, Row } from '../rows/cell.ts'
import type { Dialect } from '../sql/dialect.ts'
import type { ColumnQuery } from '../sql/history.ts'
import type { Stage } from '../sql/stage.ts'

/** A connection to a database. Its methods throw what the engine's library throws. Parameters are `?1`, `?2` … */
export interface Database {
  readonly dialect: Dialect
  /** How people call it. */
  readonly title: string
  /** Begins a transaction that no other can change rows beside. */
  readonly begin: () => Promise<void>
  readonly commit: () => Promise<void>
  readonly rollback: () => Promise<void>
  /** Gives the number of rows that the statement changed. */
  readonly run: (sql: string, parameters?: readonly Cell[]) => Promise<number>
  /** Gives the number that the query gives. */
  readonly count: (sql: string, parameters?: readonly Cell[]) => Promise<number>
  /** The rows of a query, some at a time. */
  readonly select: (query: ColumnQuery, parameters?: readonly Cell[]) => AsyncGenerator<readonly Row[], void, undefined>
  /** The names of all tables, in its schema. */
  readonly tables: () => Promise<readonly string[]>
  readonly columns: (table: string) => Promise<readonly string[]>
  /** Creates a stage, which ends with the transaction at the latest. */
  readonly createStage: (stage: Stage) => Promise<void>
  /** Adds rows to a stage. */
  readonly load: (stage: Stage, rows: readonly Row[]) => Promise<void>
  /** From now on queries can use the stage, and it takes no more rows. */
  readonly endLoad: (stage: Stage) => Promise<void>
  readonly dropStage: (stage: Stage) => Promise<void>
  readonly close: () => Promise<void>
}

/** All rows of a query that gives few. */
export const selectAll = async (
  database: Database,
  query: ColumnQuery,
  parameters: readonly Cell[] = [],
): Promise<readonly Row[]> => {
  const all: Row[] = []
  for await (const rows of database.select(query, parameters)) all.push(...rows)
  return all
}
