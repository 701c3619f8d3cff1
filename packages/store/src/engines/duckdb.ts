import type * as duckDbApi from '@duckdb/node-api'
import type { DuckDBValue } from '@duckdb/node-api'
import { rmSync } from 'node:fs'
import { StoreFailure } from '../error.ts'
import type { Cell, Row } from '../rows/cell.ts'
import { instantToMicros } from '../rows/instant.ts'
import { dialects } from '../sql/dialect.ts'
import type { ColumnType } from '../tables/column.ts'
import type { Database } from './database.ts'
import { toRow } from './to-cell.ts'

type DuckDb = typeof duckDbApi

/** Beyond this DuckDB writes what it holds to disk. */
const MEMORY_LIMIT = '128MiB'

const PACKAGE = '@duckdb/node-api'

const loadDuckDb = async (target: string): Promise<DuckDb> => {
  try {
    return await import('@duckdb/node-api')
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw thrown
    throw new StoreFailure({
      _tag: 'PackageMissing',
      target,
      what: `the package ${PACKAGE} is not installed`,
      packageName: PACKAGE,
    })
  }
}

/** Rows of one chunk of DuckDB's. */
const MOST_ROWS = 2048

/** Opens a DuckDB file, creating it if it is not there. */
export const openDuckDb = async (path: string): Promise<Database> => {
  const duckdb = await loadDuckDb(path)
  const temporary = `${path}.tmp`
  const options = {
    memory_limit: MEMORY_LIMIT,
    threads: '2',
    preserve_insertion_order: 'false',
    temp_directory: temporary,
  }
  const instance = await duckdb.DuckDBInstance.create(path, options).catch((thrown: unknown) => {
    // It quotes the whole path, and the processes that hold the lock.
    if (!/could not set lock/i.test(String(thrown))) throw thrown
    throw new StoreFailure({ _tag: 'StoreLocked', target: path, what: 'in use by another process' })
  })
  const connection = await instance.connect()

  const toValue = (cell: Cell, type: ColumnType): DuckDBValue => {
    if (cell === null || typeof cell === 'boolean') return cell
    if (type === 'integer') return BigInt(cell)
    return type === 'timestamp' ? new duckdb.DuckDBTimestampTZValue(instantToMicros(String(cell))) : String(cell)
  }
  const types = {
    text: duckdb.VARCHAR,
    integer: duckdb.BIGINT,
    boolean: duckdb.BOOLEAN,
    timestamp: duckdb.TIMESTAMPTZ,
    decimal: duckdb.VARCHAR,
    json: duckdb.VARCHAR,
    document: duckdb.VARCHAR,
  }
  const bind = (sql: string): string => sql.replaceAll(/\?(\d+)/g, '$$$1')
  const bound = (parameters: readonly Cell[]): DuckDBValue[] =>
    parameters.map((cell) => (typeof cell === 'number' ? BigInt(cell) : cell))
  const run = async (sql: string, parameters: readonly Cell[] = []): Promise<number> =>
    (await connection.run(bind(sql), bound(parameters))).rowsChanged
  const values = async (sql: string, parameters: readonly Cell[] = []): Promise<readonly (readonly unknown[])[]> =>
    (await connection.runAndReadAll(bind(sql), bound(parameters))).getRows()
  const names = async (sql: string, parameters: readonly Cell[] = []): Promise<readonly string[]> =>
    (await values(sql, parameters)).map(([name]) => String(name))

  return {
    dialect: dialects.duckdb,
    title: path,
    begin: async () => void (await run('BEGIN TRANSACTION')),
    commit: async () => void (await run('COMMIT')),
    rollback: async () => void (await run('ROLLBACK')),
    run,
    count: async (sql, parameters) => Number((await values(sql, parameters))[0]?.[0] ?? 0),
    select: async function* ({ sql, columns }, parameters = []) {
      const result = await connection.stream(bind(sql), bound(parameters))
      for await (const rows of result.yieldRows()) yield rows.map((row): Row => toRow(row, columns))
    },
    tables: () => names("SELECT table_name FROM duckdb_tables() WHERE NOT temporary AND schema_name = 'main'"),
    columns: (table) =>
      names(
        "SELECT column_name FROM duckdb_columns() WHERE schema_name = 'main' AND table_name = ?1 ORDER BY column_index",
        [table],
      ),
    load: async ({ name, columns }, rows) => {
      const appender = await connection.createAppender(name, null, 'temp')
      try {
        for (let start = 0; start < rows.length; start += MOST_ROWS) {
          const chunk = duckdb.DuckDBDataChunk.create(columns.map(({ type }) => types[type]))
          const part = rows.slice(start, start + MOST_ROWS)
          chunk.setColumns(columns.map(({ type }, index) => part.map((row) => toValue(row[index] ?? null, type))))
          appender.appendDataChunk(chunk)
        }
      } finally {
        appender.closeSync()
      }
    },
    close: async () => {
      connection.closeSync()
      // It would write to the file again when the process ends.
      instance.closeSync()
      rmSync(temporary, { recursive: true, force: true })
    },
  }
}
