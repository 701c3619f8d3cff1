import type { Instant } from '@imago/codec'
import type { CloudObservation, Image, Observation } from '@imago/core'
import type * as E from 'fp-ts/lib/Either.js'
import { attempt } from '../attempt.ts'
import { checkStore } from '../engines/check-store.ts'
import { selectAll, type Database } from '../engines/database.ts'
import { openDatabase } from '../engines/open-database.ts'
import { findFile } from '../file-kind.ts'
import { StoreFailure, type StoreError } from '../error.ts'
import { toRunTime } from '../rows/instant.ts'
import { STORED_COLUMNS, toImage } from '../rows/stored-image.ts'
import {
  nameCells,
  toCloud,
  toImagesState,
  toObservedPrices,
  toUsage,
  type NamedCells,
} from '../rows/stored-observation.ts'
import { selectAt, selectRunsAt } from '../sql/history.ts'
import type { VersionedTable } from '../tables/column.ts'
import { imagesTable, pricesTable, usageTable } from '../tables/tables.ts'
import type { DatabaseTarget, StoreTarget } from '../target.ts'

/** Later than every run. */
const END_OF_TIME: Instant = '9999-12-31T23:59:59Z'

const readImages = async (database: Database, at: string, cloud: string): Promise<readonly Image[]> => {
  const images: Image[] = []
  for await (const rows of database.select(selectAt(database.dialect, imagesTable, STORED_COLUMNS), [at, cloud])) {
    for (const row of rows) {
      const image = toImage(row)
      if (image === null)
        throw new StoreFailure({
          _tag: 'NotAStore',
          target: database.title,
          what: `the row of image ${row[0]} is not in the format of imago`,
        })
      images.push(image)
    }
  }
  return images
}

const readTable = async (
  database: Database,
  table: VersionedTable,
  at: string,
  cloud: string,
): Promise<readonly NamedCells[]> => {
  const { columns } = table
  const rows = await selectAll(database, selectAt(database.dialect, table, columns), [at, cloud])
  return rows.map((row) => nameCells(row, columns))
}

const readCloud = async (database: Database, at: string, run: NamedCells): Promise<CloudObservation> => {
  const key = String(run['cloud_key'])
  const [prices] = await readTable(database, pricesTable, at, key)
  return {
    cloud: toCloud(run),
    images: { ...toImagesState(run), items: await readImages(database, at, key) },
    usage: toUsage(run, await readTable(database, usageTable, at, key)),
    prices: toObservedPrices(run, prices),
  }
}

const read = async (database: Database, at: Instant | null): Promise<Observation> => {
  if ((await checkStore(database)) === null)
    throw new StoreFailure({ _tag: 'NotAStore', target: database.title, what: 'it has no tables of imago' })
  const time = toRunTime(at ?? END_OF_TIME)
  const query = selectRunsAt(database.dialect)
  const runs = (await selectAll(database, query, [time])).map((row) => nameCells(row, query.columns))
  const clouds: CloudObservation[] = []
  for (const run of runs) clouds.push(await readCloud(database, time, run))
  const times = runs.map((run) => String(run['observed_at'])).toSorted((a, b) => Date.parse(a) - Date.parse(b))
  return { at: at ?? times.at(-1) ?? END_OF_TIME, clouds }
}

/** Checks that a file exists, because opening it would create it. */
const findDatabase = (target: StoreTarget): DatabaseTarget => {
  const fail = (what: string): never => {
    throw new StoreFailure({ _tag: 'NotAStore', target: target.title, what })
  }
  if (target.format === 'parquet') return fail('a Parquet file has no history')
  if (target.format === 'postgres') return target
  const path = findFile(target.path, target.format)
  return path === null ? fail('no such file') : { ...target, path }
}

/**
 * Reads a database as of a time; `null`: its last state, as of its last run. All images are in memory. Clouds without a run until then are omitted.
 * Completeness is that of the last run of each cloud. Images that an incomplete run did not read have the state of earlier runs.
 */
export const readStore = (target: StoreTarget, at: Instant | null = null): Promise<E.Either<StoreError, Observation>> =>
  attempt(target.title, async () => {
    const database = await openDatabase(findDatabase(target), 'read')
    try {
      return await read(database, at)
    } finally {
      await database.close()
    }
  })
