import { rmSync } from 'node:fs'
import { createParquetFile, type ParquetFile } from '../parquet/parquet-file.ts'
import type { Row } from '../rows/cell.ts'
import { quote } from '../sql/dialect.ts'
import { loadedRows, type Stage } from '../sql/stage.ts'
import type { WorkDirectory } from '../work-directory.ts'
import { collectGarbage } from './collect-garbage.ts'
import type { Database } from './database.ts'

/** Rows of a stage that are written together. */
const STAGE_ROWS = 2048

/** A stage that accepts rows. */
interface LoadingStage {
  readonly path: string
  readonly file: ParquetFile
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
  return {
    createStage: async (stage) => {
      const path = work.file(`${stage.name}.parquet`)
      rmSync(path, { force: true })
      const file = await createParquetFile(path, stage.columns, { createdBy: 'imago', hasBounds: false })
      stages.set(stage.name, { path, file, waiting: [] })
    },
    load: async (stage, rows) => {
      const { file, waiting } = findStage(stage)
      for (const row of rows) waiting.push(row)
      while (waiting.length >= STAGE_ROWS) await file.write(waiting.splice(0, STAGE_ROWS))
    },
    endLoad: async (stage) => {
      const { path, file, waiting } = findStage(stage)
      if (waiting.length > 0) await file.write(waiting)
      await file.finish({})
      stages.delete(stage.name)
      if (stages.size === 0) collectGarbage()
      const loaded = quote(loadedRows(stage))
      await run(`CREATE TEMPORARY VIEW ${loaded} AS SELECT * FROM read_parquet('${path.replaceAll("'", "''")}')`)
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
