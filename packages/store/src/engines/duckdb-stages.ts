import { rmSync } from 'node:fs'
import { createParquetFile, type ParquetFile } from '../parquet/parquet-file.ts'
import type { Row } from '../rows/cell.ts'
import { createRowGroups, type RowGroups } from '../rows/row-groups.ts'
import { quote } from '../sql/dialect.ts'
import { loadedRows, type Stage } from '../sql/stage.ts'
import type { WorkDirectory } from '../work-directory.ts'
import { collectGarbage } from './collect-garbage.ts'
import type { Database } from './database.ts'

/** Rows that are written together. */
const ROW_GROUP = { rows: 4096, characters: 4 * 1024 * 1024 }

/** Row groups per file. The description of a file's contents is in memory until it is complete. */
const GROUPS_PER_FILE = 16

/** A stage that accepts rows. */
interface LoadingStage {
  readonly paths: string[]
  file: ParquetFile
  /** Row groups in the file. */
  written: number
  readonly groups: RowGroups
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
    if (loading.written === GROUPS_PER_FILE) {
      await loading.file.finish({})
      loading.file = await createFile(stage, loading.paths)
      loading.written = 0
    }
    await loading.file.write(rows)
    loading.written++
  }
  return {
    createStage: async (stage) => {
      const paths: string[] = []
      stages.set(stage.name, {
        paths,
        file: await createFile(stage, paths),
        written: 0,
        groups: createRowGroups(ROW_GROUP),
      })
    },
    load: async (stage, rows) => {
      const loading = findStage(stage)
      const { groups } = loading
      for (const row of rows) groups.push(row)
      for (const full of groups.takeFull()) await write(stage, loading, full)
    },
    endLoad: async (stage) => {
      const loading = findStage(stage)
      for (const rest of loading.groups.takeAll()) await write(stage, loading, rest)
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
