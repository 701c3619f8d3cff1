import { configInvalid, type ImageError } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { FLEET_SITE } from './database/database-error.ts'
import { openDatabase, withDatabaseErrors, type Database } from './database/database.ts'
import { openPostgresJournals, type PostgresJournals } from './journal/postgres-journals.ts'
import type { ListenAddress } from './operations/endpoint.ts'
import { serveWorker } from './operations/serve-worker.ts'
import type * as PgBossQueue from './queue/pg-boss.ts'
import type { QueueOptions } from './queue/pg-boss.ts'
import { HEARTBEAT_SECONDS, type Queue, type Schedule } from './queue/queue.ts'
import { readSchedules } from './queue/read-schedules.ts'
import { cancel, findKnown, retry, type Chosen } from './transfers/change.ts'
import { drain, listAlive } from './transfers/drain.ts'
import { readStatus, type FleetStatus } from './transfers/status.ts'
import { submit, type Submitted } from './transfers/submit.ts'
import type { TransferEntry } from './transfers/to-entry.ts'
import { runWorker, type WorkerOptions } from './worker/worker.ts'

/** Options of `Fleet.work`. */
export interface WorkOptions extends WorkerOptions {
  /** Where to serve health and metrics; absent: nowhere. */
  readonly listen?: ListenAddress | undefined
}

/** Transfers in a PostgreSQL database, which any number of workers run. */
export interface Fleet {
  /** Adds transfers, all or none. A plan that was submitted before is the same transfer. */
  readonly submit: (entries: readonly TransferEntry[]) => Promise<E.Either<ImageError, Submitted>>
  readonly status: () => Promise<E.Either<ImageError, FleetStatus>>
  /** Queues failed and cancelled transfers again. Returns their runs. */
  readonly retry: (chosen: Chosen) => Promise<E.Either<ImageError, readonly string[]>>
  /** Cancels queued and running transfers. Returns their runs. */
  readonly cancel: (chosen: Chosen) => Promise<E.Either<ImageError, readonly string[]>>
  /** The runs among the given ones that were never submitted. */
  readonly findUnknown: (runs: readonly string[]) => Promise<E.Either<ImageError, readonly string[]>>
  /** Lets all workers that are alive end after their transfers in progress. Returns them. */
  readonly drain: () => Promise<E.Either<ImageError, readonly string[]>>
  /** The workers among the given ones that are alive. */
  readonly listAlive: (workers: readonly string[]) => Promise<E.Either<ImageError, readonly string[]>>
  /** Queues inventories of these clouds now. */
  readonly sendInventories: (clouds: readonly string[]) => Promise<E.Either<ImageError, void>>
  /** Adds or replaces a schedule. */
  readonly schedule: (schedule: Schedule) => Promise<E.Either<ImageError, void>>
  /** Deletes a schedule. Returns whether it existed. */
  readonly unschedule: (name: string) => Promise<E.Either<ImageError, boolean>>
  /** Runs transfers and inventories until the worker is stopped. */
  readonly work: (options: WorkOptions) => Promise<E.Either<ImageError, void>>
  readonly close: () => Promise<void>
}

const createFleet = (database: Database, queue: Queue, journals: PostgresJournals): Fleet => {
  const withErrors = <A>(work: () => Promise<A>): Promise<E.Either<ImageError, A>> =>
    withDatabaseErrors(database.title, work)
  return {
    submit: (entries) => withErrors(() => database.transaction((statements) => submit(statements, queue, entries))),
    status: () => withErrors(() => database.transaction(readStatus)),
    retry: (chosen) => withErrors(() => database.transaction((statements) => retry(statements, queue, chosen))),
    cancel: (chosen) => withErrors(() => cancel(database, chosen)),
    findUnknown: (runs) =>
      withErrors(async () => {
        const known = await findKnown(database, runs)
        return runs.filter((run) => !known.has(run))
      }),
    drain: () => withErrors(() => drain(database)),
    listAlive: (workers) => withErrors(() => listAlive(database, workers)),
    sendInventories: (clouds) => withErrors(() => queue.sendInventories(clouds)),
    schedule: async (schedule) => {
      const invalid = await withErrors(() => queue.schedule(schedule))
      if (E.isLeft(invalid)) return invalid
      return invalid.right === null
        ? E.right(undefined)
        : E.left(
            configInvalid(FLEET_SITE, {
              what: `invalid schedule ${JSON.stringify(schedule.cron)} in the time zone ${JSON.stringify(schedule.timezone)}: ${invalid.right}`,
              hint: "Use five fields and a time zone, such as '0 3 * * *' and Europe/Berlin",
            }),
          )
    },
    unschedule: (name) =>
      withErrors(async () => {
        const isKnown = (await readSchedules(database)).some((one) => one.name === name)
        if (isKnown) await queue.unschedule(name)
        return isKnown
      }),
    work: async (options) => {
      const { listen, onEvent } = options
      const work = (listener: WorkerOptions['onEvent']): Promise<void> =>
        runWorker({ ...options, onEvent: listener }, { database, queue, journals })
      const ended = await withErrors(() =>
        listen === undefined
          ? work(onEvent).then(() => E.right(undefined))
          : serveWorker(listen, database, { onEvent, work }),
      )
      return E.flatten(ended)
    },
    close: async () => {
      await queue.close()
      await journals.close()
      await database.close()
    },
  }
}

/** Loads the queue; `null`: pg-boss is not installed, because package managers leave it out on a Node that it does not support. */
const loadPgBoss = async (): Promise<typeof PgBossQueue | null> => {
  try {
    return await import('./queue/pg-boss.ts')
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw thrown
    return null
  }
}

/** Opens the fleet of a PostgreSQL database, and creates its schemas there if they do not exist. */
export const openFleet = async (
  url: string,
  { runsSchedules = false }: Partial<QueueOptions> = {},
): Promise<E.Either<ImageError, Fleet>> => {
  const queue = await loadPgBoss()
  if (queue === null)
    return E.left(
      configInvalid(FLEET_SITE, {
        what: 'the package pg-boss is not installed',
        hint: 'Install @imago/fleet again, with Node 22.12 or later',
      }),
    )
  // A run is waited for as long as its job.
  const journals = await openPostgresJournals(url, { leaseSeconds: HEARTBEAT_SECONDS })
  if (E.isLeft(journals)) return journals
  const database = openDatabase(url)
  const fleet = await withDatabaseErrors(database.title, async () =>
    createFleet(database, await queue.openPgBoss(url, { runsSchedules }), journals.right),
  )
  if (E.isLeft(fleet)) {
    await journals.right.close()
    await database.close()
  }
  return fleet
}
