import type { CloudIdentity } from '@imago/core'
import { attempt } from '../attempt.ts'
import { selectAll, type Database } from '../engines/database.ts'
import { StoreFailure } from '../error.ts'
import type { Row } from '../rows/cell.ts'
import { imageRows, type Mask } from '../rows/image-row.ts'
import { toRunTime } from '../rows/instant.ts'
import { cloudKey } from '../rows/keys.ts'
import { insertParts } from '../sql/merge.ts'
import { insertRun, selectLastRun } from '../sql/runs.ts'
import { createStage, dropStage, stageOf } from '../sql/stage.ts'
import { imageParts, imagesTable } from '../tables/tables.ts'
import { mergeRows } from './merge-rows.ts'
import type { CloudState, StoreBatch, StoreChanges, StoreRun } from './store-writer.ts'

const imageStage = stageOf(imagesTable)
const partStages = imageParts.map(stageOf)
const stages = [imageStage, ...partStages]

/** Whether images that a run did not see are gone. */
const isComplete = ({ completeness, rejected }: CloudState): boolean => completeness === 'read' && rejected === 0

const checkOrder = async (database: Database, cloud: CloudIdentity, at: string): Promise<void> => {
  const key = cloudKey(cloud)
  const [row] = await selectAll(database, selectLastRun(database.dialect), [key])
  const last = row?.[0] ?? null
  if (last === null || Date.parse(String(last)) < Date.parse(at)) return
  throw new StoreFailure({
    _tag: 'RunOutOfOrder',
    target: database.title,
    what: `${key} already has a run at ${last}; a run at ${at} is not later`,
    cloud: key,
    last: String(last),
  })
}

const runRow = (run: StoreRun, at: string, state: CloudState, images: number): Row => [
  run.id,
  cloudKey(state.cloud),
  state.cloud.provider,
  state.cloud.cloud,
  state.cloud.region,
  at,
  run.origin,
  run.selection,
  state.completeness,
  state.reason,
  images,
  state.rejected,
  null,
  null,
  null,
  null,
  run.version,
]

/** Begins a batch in one transaction. */
export const beginDatabaseBatch = async (database: Database, run: StoreRun, mask: Mask): Promise<StoreBatch> => {
  const { dialect, title } = database
  const at = toRunTime(run.at)
  /** The rows of each stage that have not been loaded yet. */
  const waiting: Row[][] = stages.map(() => [])
  const counts = new Map<string, number>()
  let rowNumber = 0

  const load = async (): Promise<void> => {
    for (const [index, stage] of stages.entries()) {
      const rows = waiting[index]?.splice(0) ?? []
      if (rows.length > 0) await database.load(stage, rows)
    }
  }

  const store = async (clouds: readonly CloudState[]): Promise<StoreChanges> => {
    await load()
    for (const { cloud } of clouds) await checkOrder(database, cloud, at)
    const complete = clouds.filter(isComplete).map(({ cloud }) => cloudKey(cloud))
    const { lastVersion, ...changes } = await mergeRows(database, imagesTable, at, complete)
    for (const part of imageParts) await database.run(insertParts(dialect, part, imagesTable), [lastVersion])
    for (const state of clouds)
      await database.run(insertRun(dialect), runRow(run, at, state, counts.get(cloudKey(state.cloud)) ?? 0))
    for (const stage of stages) await database.run(dropStage(stage))
    await database.commit()
    return { images: rowNumber, ...changes }
  }

  /** A connection that is broken has no transaction any more. */
  const rollback = (): Promise<void> => database.rollback().catch(() => undefined)
  const orRollback = async <A>(work: () => Promise<A>) => {
    const result = await attempt(title, work)
    if (result._tag === 'Left') await rollback()
    return result
  }

  await database.begin()
  for (const stage of stages) await database.run(createStage(dialect, stage))

  return {
    add: (image, extra = {}) => {
      rowNumber++
      const { content, evidence, raw, contentHash, parts } = imageRows(image, extra, mask)
      waiting[0]?.push([rowNumber, ...content, evidence, raw, contentHash])
      for (const [index, rows] of parts.entries())
        for (const row of rows) waiting[index + 1]?.push([rowNumber, ...row])
      const key = cloudKey(image.ref)
      counts.set(key, (counts.get(key) ?? 0) + 1)
    },
    flush: () => orRollback(load),
    commit: (clouds) => orRollback(() => store(clouds)),
    rollback,
  }
}
