import type * as duckDbApi from '@duckdb/node-api'
import type { DuckDBValue } from '@duckdb/node-api'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StoreFailure } from '../error.ts'
import { createParquetFile, type ParquetFile } from '../parquet/parquet-file.ts'
import type { Cell, Row } from '../rows/cell.ts'
import { dialects, quote } from '../sql/dialect.ts'
import { loadedRows, type Stage } from '../sql/stage.ts'
import type { Database } from './database.ts'
import { toRow } from './to-cell.ts'

type DuckDb = typeof duckDbApi

/** Above this memory limit, DuckDB writes data to disk. */
const MEMORY_LIMIT = '64MiB'

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

/** Rows of a stage that are written together. */
const STAGE_ROWS = 4096

/** A stage that accepts rows. */
interface LoadingStage {
  readonly file: ParquetFile
  readonly waiting: Row[]
}

/** Opens a DuckDB file, or creates it. */
export const openDuckDb = async (path: string): Promise<Database> => {
  const duckdb = await loadDuckDb(path)
  const temporary = `${path}.tmp`
  const options = {
    memory_limit: MEMORY_LIMIT,
    threads: '1',
    preserve_insertion_order: 'false',
    temp_directory: temporary,
  }
  const instance = await duckdb.DuckDBInstance.create(path, options).catch((thrown: unknown) => {
    // The message contains the whole path, and the processes with the lock.
    if (!/could not set lock/i.test(String(thrown))) throw thrown
    throw new StoreFailure({ _tag: 'StoreLocked', target: path, what: 'in use by another process' })
  })
  const connection = await instance.connect()

  // Stages are Parquet files, because DuckDB keeps temporary tables in memory beyond its limit.
  let stageDirectory: string | null = null
  const stageFile = ({ name }: Stage): string => join(stageDirectory ?? '', `${name}.parquet`)
  const stages = new Map<string, LoadingStage>()
  const stageCalled = ({ name }: Stage): LoadingStage => {
    const stage = stages.get(name)
    if (stage === undefined) throw new Error(`bug in imago: ${name} was not created`)
    return stage
  }
  const discardStages = async (): Promise<void> => {
    for (const { file } of stages.values()) await file.discard()
    stages.clear()
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
    rollback: async () => {
      await discardStages()
      await run('ROLLBACK')
    },
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
    createStage: async (stage) => {
      stageDirectory ??= mkdtempSync(join(tmpdir(), 'imago-stage-'))
      const file = await createParquetFile(stageFile(stage), stage.columns, { createdBy: 'imago', hasBounds: false })
      stages.set(stage.name, { file, waiting: [] })
    },
    load: async (stage, rows) => {
      const { file, waiting } = stageCalled(stage)
      for (const row of rows) waiting.push(row)
      while (waiting.length >= STAGE_ROWS) await file.write(waiting.splice(0, STAGE_ROWS))
    },
    endLoad: async (stage) => {
      const { file, waiting } = stageCalled(stage)
      if (waiting.length > 0) await file.write(waiting)
      await file.finish({})
      stages.delete(stage.name)
      const loaded = quote(loadedRows(stage))
      await run(
        `CREATE TEMPORARY VIEW ${loaded} AS SELECT * FROM read_parquet('${stageFile(stage).replaceAll("'", "''")}')`,
      )
      await run(`CREATE TEMPORARY VIEW ${quote(stage.name)} AS SELECT * FROM ${loaded}`)
    },
    dropStage: async (stage) => {
      await run(`DROP VIEW ${quote(stage.name)}`)
      await run(`DROP VIEW ${quote(loadedRows(stage))}`)
    },
    close: async () => {
      await discardStages()
      if (stageDirectory !== null) rmSync(stageDirectory, { recursive: true, force: true })
      connection.closeSync()
      // Otherwise, it would write to the file again when the process ends.
      instance.closeSync()
      rmSync(temporary, { recursive: true, force: true })
    },
  }
}
