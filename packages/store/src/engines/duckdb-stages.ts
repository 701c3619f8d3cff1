import { rmSync } from 'node:fs'
import { createParquetFile, type ParquetFile } from '../parquet/parquet-file.ts'
import type { Row } from '../rows/cell.ts'
import { quote } from '../sql/dialect.ts'
import { loadedRows, type Stage } from '../sql/stage.ts'
import type { WorkDirectory } from '../work-directory.ts'
import { collectGarbage } from './collect-garbage.ts'
import type { Database } from './database.ts'

/** Rows that are written together. */
const ROWS_AT_ONCE = 4096

/** Rows per file. The description of a file's contents is in memory until it is complete. */
const ROWS_PER_FILE = 16 * ROWS_AT_ONCE

/** A stage that accepts rows. */
interface LoadingStage {
  readonly paths: string[]
  file: ParquetFile
  written: number
  readonly waiting: Row[]
}

type StageMethods = Pick<Database, 'createStage' | 'load' | 'endLoad' | 'dropStage'>

/** Stages as Parquet files and views of them, because DuckDB keeps temporary tables in memory beyond its limit. */
export const createDuckDbStages = (
  work: WorkDirectory,
  run: (sql: string) => Promise<unknown>,
): StageMethods & { readonly discard: () => Promise<void> } => {
  const stages = new Map<string, LoadingStage>()
  const findStage = ({ name }: Stage): LoadingStage => {
    const stage = stages.get(name)
    if (stage === undefined) throw new Error(`bug in imago: ${name} was not created`)
    return stage
  }
  const createFile = (stage: Stage, paths: string[]): Promise<ParquetFile> => {
    const path = work.file(`${stage.name}-${paths.length + 1}.parquet`)
    rmSync(path, { force: true })
    paths.push(path)
    return createParquetFile(path, stage.columns, { createdBy: 'imago', hasBounds: false })
  }
  const write = async (stage: Stage, loading: LoadingStage, rows: readonly Row[]): Promise<void> => {
    if (loading.written === ROWS_PER_FILE) {
      await loading.file.finish({})
      loading.file = await createFile(stage, loading.paths)
      loading.written = 0
    }
    await loading.file.write(rows)
    loading.written += rows.length
  }
  return {
    createStage: async (stage) => {
      const paths: string[] = []
      stages.set(stage.name, { paths, file: await createFile(stage, paths), written: 0, waiting: [] })
    },
    load: async (stage, rows) => {
      const loading = findStage(stage)
      const { waiting } = loading
      for (const row of rows) waiting.push(row)
      while (waiting.length >= ROWS_AT_ONCE) await write(stage, loading, waiting.splice(0, ROWS_AT_ONCE))
    },
    endLoad: async (stage) => {
      const loading = findStage(stage)
      if (loading.waiting.length > 0) await write(stage, loading, loading.waiting)
      await loading.file.finish({})
      stages.delete(stage.name)
      if (stages.size === 0) collectGarbage()
      const paths = loading.paths.map((path) => `'${path.replaceAll("'", "''")}'`).join(', ')
      const loaded = quote(loadedRows(stage))
      await run(`CREATE TEMPORARY VIEW ${loaded} AS SELECT * FROM read_parquet([${paths}])`)
      await run(`CREATE TEMPORARY VIEW ${quote(stage.name)} AS SELECT * FROM ${loaded}`)
    },
    dropStage: async (stage) => {
      await run(`DROP VIEW ${quote(stage.name)}`)
      await run(`DROP VIEW ${quote(loadedRows(stage))}`)
    },
    discard: async () => {
      for (const { file } of stages.values()) await file.discard()
      stages.clear()
    },
  }
}
