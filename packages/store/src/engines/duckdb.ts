import type * as duckDbApi from '@duckdb/node-api'
import type { DuckDBConnection, DuckDBInstance, DuckDBValue } from '@duckdb/node-api'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StoreFailure } from '../error.ts'
import type { Cell, Row } from '../rows/cell.ts'
import { dialects } from '../sql/dialect.ts'
import { createWorkDirectory } from '../work-directory.ts'
import type { Access, Database } from './database.ts'
import { createDuckDbStages } from './duckdb-stages.ts'
import { toRow } from './to-cell.ts'

type DuckDb = typeof duckDbApi

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

/** In MiB. Above this limit, DuckDB writes data to disk. */
const MEMORY_LIMIT = 80

/** Stored rows for which that suffices: changes to them are in memory until the end of the transaction. */
const LIMITED_ROWS = 1_000_000

/** The limit for rows inserted into empty tables, which join only numbers of rows; within a higher limit, DuckDB would hold them. */
const INSERT_LIMIT = 48

/** DuckDB returns freed memory to the system when it has freed this much at once. */
const FLUSH_THRESHOLD = '1MiB'

/** Rows that DuckDB collects in memory before it writes them. Its default is 122,880. */
const ROW_GROUP = 8192

const attach = async (connection: DuckDBConnection, path: string, access: Access): Promise<void> => {
  const options = access === 'read' ? 'READ_ONLY' : `ROW_GROUP_SIZE ${ROW_GROUP}`
  await connection.run(`ATTACH '${path.replaceAll("'", "''")}' AS store (${options})`)
  await connection.run('USE store')
}

/** Opens a DuckDB file, or creates it. */
export const openDuckDb = async (path: string, access: Access): Promise<Database> => {
  const duckdb = await loadDuckDb(path)
  const work = access === 'write' ? createWorkDirectory(path) : createWorkDirectory(join(tmpdir(), 'imago-duckdb'))
  let instance: DuckDBInstance | null = null
  let connection: DuckDBConnection
  const end = (): void => {
    connection?.closeSync()
    // Otherwise, it would write to the file again when the process ends.
    instance?.closeSync()
    work.remove()
  }
  try {
    instance = await duckdb.DuckDBInstance.create(':memory:', {
      memory_limit: `${MEMORY_LIMIT}MiB`,
      allocator_flush_threshold: FLUSH_THRESHOLD,
      allocator_bulk_deallocation_flush_threshold: FLUSH_THRESHOLD,
      threads: '1',
      preserve_insertion_order: 'false',
      temp_directory: work.file('spilled'),
      // imago sends no request that its user did not ask for.
      autoinstall_known_extensions: 'false',
    })
    connection = await instance.connect()
    await attach(connection, path, access)
  } catch (thrown) {
    end()
    // The message contains the whole path, and the processes with the lock.
    if (!/could not set lock/i.test(String(thrown))) throw thrown
    throw new StoreFailure({ _tag: 'StoreLocked', target: path, what: 'it is in use by another process' })
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
  const setLimit = (mebibytes: number): Promise<number> => run(`SET memory_limit = '${mebibytes}MiB'`)
  let limit = MEMORY_LIMIT
  let stored = 0
  const { discard, ...stages } = createDuckDbStages(work, run)

  return {
    dialect: dialects.duckdb,
    title: path,
    begin: async () => {
      const [row] = await values(
        "SELECT max(estimated_size) FROM duckdb_tables() WHERE database_name = 'store' AND table_name = 'images'",
      )
      stored = Number(row?.[0] ?? 0)
      limit = Math.ceil(MEMORY_LIMIT * Math.max(1, stored / LIMITED_ROWS))
      await setLimit(limit)
      await run('BEGIN TRANSACTION')
    },
    commit: async () => void (await run('COMMIT')),
    rollback: async () => {
      await discard()
      await run('ROLLBACK')
    },
    run,
    insert: async (sql, parameters) => {
      if (stored === 0) await setLimit(INSERT_LIMIT)
      try {
        return await run(sql, parameters)
      } finally {
        await setLimit(limit)
      }
    },
    count: async (sql, parameters) => Number((await values(sql, parameters))[0]?.[0] ?? 0),
    select: async function* ({ sql, columns }, parameters = []) {
      const result = await connection.stream(bind(sql), bound(parameters))
      for await (const rows of result.yieldRows()) yield rows.map((row): Row => toRow(row, columns))
    },
    tables: () =>
      names("SELECT table_name FROM duckdb_tables() WHERE database_name = 'store' AND schema_name = 'main'"),
    columns: (table) =>
      names(
        "SELECT column_name FROM duckdb_columns() WHERE database_name = 'store' AND schema_name = 'main' AND table_name = ?1 ORDER BY column_index",
        [table],
      ),
    ...stages,
    close: async () => {
      await discard()
      end()
    },
  }
}
