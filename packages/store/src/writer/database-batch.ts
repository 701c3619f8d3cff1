import type { CloudIdentity } from '@imago/core'
import { attempt } from '../attempt.ts'
import { selectAll, type Database } from '../engines/database.ts'
import { StoreFailure } from '../error.ts'
import { storableJson, type Row } from '../rows/cell.ts'
import { cloudCells } from '../rows/cloud-cells.ts'
import { imageRows, type Mask } from '../rows/image-row.ts'
import { toRunTime } from '../rows/instant.ts'
import { cloudKey } from '../rows/keys.ts'
import { pricesRows, usageRows } from '../rows/observed-rows.ts'
import { createRowGroups } from '../rows/row-groups.ts'
import { insertParts } from '../sql/merge.ts'
import { insertRun, selectLastRun } from '../sql/runs.ts'
import { createStage } from '../sql/stage.ts'
import type { VersionedTable } from '../tables/column.ts'
import { imageParts, imagesTable, pricesTable, usageTable } from '../tables/tables.ts'
import { mergeRows } from './merge-rows.ts'
import type { CloudState, StoreBatch, StoreChanges, StoreRun } from './store-writer.ts'

/** Rows that are loaded together. */
const LOAD = { rows: 2048, characters: 2 * 1024 * 1024 }

const imageStage = createStage(imagesTable)
const partStages = imageParts.map(createStage)
const stages = [imageStage, ...partStages]

/** Whether images that a run did not read are missing. */
const hasAllImages = ({ images, rejected }: CloudState): boolean => images.completeness === 'read' && rejected === 0

/** Whether references that a run did not read are missing. */
const hasAllUsage = ({ usage }: CloudState): boolean =>
  usage !== null && usage.sources.length > 0 && usage.sources.every(({ completeness }) => completeness === 'read')

/** Whether a price list that a run did not read is missing. */
const hasPrices = ({ prices }: CloudState): boolean => prices?.completeness === 'read'

const listKeys = (clouds: readonly CloudState[], isWanted: (state: CloudState) => boolean): readonly string[] =>
  clouds.filter(isWanted).map(({ cloud }) => cloudKey(cloud))

const checkOrder = async (database: Database, cloud: CloudIdentity, at: string): Promise<void> => {
  const key = cloudKey(cloud)
  const [row] = await selectAll(database, selectLastRun(database.dialect), [key])
  const last = row?.[0] ?? null
  if (last === null || Date.parse(String(last)) < Date.parse(at)) return
  throw new StoreFailure({
    _tag: 'RunOutOfOrder',
    target: database.title,
    what: `${key} already has a run at ${last}, and a new run must be later (this one: ${at})`,
    cloud: key,
    last: String(last),
  })
}

const runRow = (run: StoreRun, at: string, state: CloudState, count: number): Row => {
  const { cloud, images, rejected, usage, prices } = state
  return [
    run.id,
    ...cloudCells(cloud),
    at,
    run.origin,
    run.selection,
    images.completeness,
    images.reason,
    count,
    rejected,
    usage === null ? null : storableJson(usage.sources),
    usage === null ? null : storableJson(usage.view),
    prices?.completeness ?? null,
    prices?.reason ?? null,
    run.version,
  ]
}

/** Merges rows in memory. */
const mergeSmall = async (
  database: Database,
  table: VersionedTable,
  rows: readonly Row[],
  at: string,
  complete: readonly string[],
): Promise<void> => {
  if (rows.length === 0 && complete.length === 0) return
  const stage = createStage(table)
  await database.createStage(stage)
  await database.load(
    stage,
    rows.map((row, index) => [index + 1, ...row]),
  )
  await database.endLoad(stage)
  await mergeRows(database, table, at, complete)
  await database.dropStage(stage)
}

/** Begins a batch in one transaction. */
export const beginDatabaseBatch = async (database: Database, run: StoreRun, mask: Mask): Promise<StoreBatch> => {
  const { dialect, title } = database
  const at = toRunTime(run.at)
  /** The pending rows of each stage. */
  const waiting = stages.map((stage) => ({ stage, groups: createRowGroups(LOAD) }))
  const counts = new Map<string, number>()
  let rowNumber = 0

  const loadFull = async (): Promise<void> => {
    for (const { stage, groups } of waiting) for (const rows of groups.takeFull()) await database.load(stage, rows)
  }
  const loadAll = async (): Promise<void> => {
    for (const { stage, groups } of waiting) for (const rows of groups.takeAll()) await database.load(stage, rows)
  }

  const store = async (clouds: readonly CloudState[]): Promise<StoreChanges> => {
    await loadAll()
    for (const stage of stages) await database.endLoad(stage)
    for (const { cloud } of clouds) await checkOrder(database, cloud, at)
    const { lastVersion, ...changes } = await mergeRows(database, imagesTable, at, listKeys(clouds, hasAllImages))
    for (const part of imageParts) await database.insert(insertParts(dialect, part, imagesTable), [lastVersion])
    const usage = clouds.flatMap((state) => usageRows(state.usage, mask))
    await mergeSmall(database, usageTable, usage, at, listKeys(clouds, hasAllUsage))
    const prices = clouds.flatMap(({ cloud, prices: observed }) => pricesRows(cloud, observed?.prices ?? null))
    await mergeSmall(database, pricesTable, prices, at, listKeys(clouds, hasPrices))
    for (const state of clouds)
      await database.run(insertRun(dialect), runRow(run, at, state, counts.get(cloudKey(state.cloud)) ?? 0))
    for (const stage of stages) await database.dropStage(stage)
    await database.commit()
    return { images: rowNumber, ...changes }
  }

  /** A broken connection has no transaction to roll back. */
  const rollback = (): Promise<void> => database.rollback().catch(() => undefined)
  const orRollback = async <A>(work: () => Promise<A>) => {
    const result = await attempt(title, work)
    if (result._tag === 'Left') await rollback()
    return result
  }

  await database.begin()
  for (const stage of stages) await database.createStage(stage)

  return {
    add: (image, extra = {}) => {
      rowNumber++
      const { content, evidence, raw, contentHash, parts } = imageRows(image, extra, mask)
      waiting[0]?.groups.push([rowNumber, ...content, evidence, raw, contentHash])
      for (const [index, rows] of parts.entries())
        for (const row of rows) waiting[index + 1]?.groups.push([rowNumber, ...row])
      const key = cloudKey(image.ref)
      counts.set(key, (counts.get(key) ?? 0) + 1)
    },
    flush: () => orRollback(loadFull),
    commit: (clouds) => orRollback(() => store(clouds)),
    rollback,
  }
}
