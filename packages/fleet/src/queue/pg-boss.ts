import { PgBoss, type Db } from 'pg-boss'
import type { Statements } from '../database/database.ts'
import { HEARTBEAT_SECONDS, INVENTORY_QUEUE, ROUND_QUEUE, type InventoryOutcome, type Queue } from './queue.ts'

const QUEUE = 'transfer'
const DAY = 24 * 60 * 60

/** The maximum of pg-boss. A job that takes longer is delivered again, and put off while its worker is alive. */
const MAX_JOB_SECONDS = DAY

/** A store that is not available is tried again for some hours. */
const INVENTORY_RETRIES = { retryLimit: 20, retryDelay: 15, retryBackoff: true, retryDelayMax: 30 * 60 }
const WORK = { batchSize: 1, pollingIntervalSeconds: 1, heartbeatRefreshSeconds: HEARTBEAT_SECONDS / 4 } as const

const toDb = ({ rows }: Statements): Db => ({
  executeSql: async (text, values = []) => ({ rows: [...(await rows(text, values))] }),
})

export interface QueueOptions {
  /** Whether this process queues the inventories of schedules when they are due. */
  readonly runsSchedules: boolean
}

/**
 * Opens the queue in the schema `imago_queue` of a PostgreSQL database, and creates it there if it does not exist. For transfers, retries, delays and
 * duplicates are not those of pg-boss: a job says only which run to look at. For inventories they are: a job is all that there is.
 */
export const openPgBoss = async (url: string, { runsSchedules }: QueueOptions): Promise<Queue> => {
  const listeners = new Set<(error: Error) => void>()
  const boss = new PgBoss({
    connectionString: url,
    application_name: 'imago fleet',
    schema: 'imago_queue',
    max: 4,
    schedule: runsSchedules,
    cronMonitorIntervalSeconds: 10,
    superviseIntervalSeconds: 2,
    monitorIntervalSeconds: 2,
  })
  boss.on('error', (error) => listeners.forEach((listener) => listener(error)))
  await boss.start()
  if ((await boss.getQueue(QUEUE)) === null)
    await boss.createQueue(QUEUE, {
      expireInSeconds: MAX_JOB_SECONDS,
      heartbeatSeconds: HEARTBEAT_SECONDS,
      // A job is delivered as often as workers are lost: the fleet counts them for each transfer.
      retryLimit: 1_000_000,
      retryDelay: 0,
      retentionSeconds: 3650 * DAY,
      deleteAfterSeconds: 60 * 60,
    })
  if ((await boss.getQueue(INVENTORY_QUEUE)) === null)
    await boss.createQueue(INVENTORY_QUEUE, {
      policy: 'exclusive',
      expireInSeconds: MAX_JOB_SECONDS,
      heartbeatSeconds: HEARTBEAT_SECONDS,
      ...INVENTORY_RETRIES,
      deleteAfterSeconds: 7 * DAY,
    })
  if ((await boss.getQueue(ROUND_QUEUE)) === null)
    await boss.createQueue(ROUND_QUEUE, { heartbeatSeconds: HEARTBEAT_SECONDS, ...INVENTORY_RETRIES })
  const sendInventories = async (clouds: readonly string[]): Promise<void> => {
    if (clouds.length > 0)
      await boss.insert(
        INVENTORY_QUEUE,
        clouds.map((cloud) => ({ data: { cloud }, singletonKey: cloud })),
      )
  }
  return {
    send: async (statements, jobs) => {
      if (jobs.length === 0) return
      const db = toDb(statements)
      await boss.insert(
        QUEUE,
        jobs.map(({ run, delaySeconds = 0 }) => ({
          data: { run },
          ...(delaySeconds > 0 ? { startAfter: delaySeconds } : {}),
        })),
        { db },
      )
    },
    work: async ({ jobs, handle, onError }) => {
      listeners.add(onError)
      await boss.work<{ readonly run: string }, void>(QUEUE, { ...WORK, localConcurrency: jobs }, async ([job]) => {
        if (job !== undefined) await handle(job.data.run)
      })
      return () => boss.offWork(QUEUE, { wait: false })
    },
    sendInventories,
    workInventories: async ({ jobs, observe, listClouds }) => {
      await boss.work<{ readonly clouds: readonly string[] }, void>(ROUND_QUEUE, WORK, async ([job]) => {
        if (job !== undefined) await sendInventories(listClouds(job.data.clouds))
      })
      await boss.work<{ readonly cloud: string }, InventoryOutcome | undefined>(
        INVENTORY_QUEUE,
        { ...WORK, localConcurrency: jobs },
        async ([job]) => (job === undefined ? undefined : observe(job.data.cloud)),
      )
      return async () => {
        for (const name of [ROUND_QUEUE, INVENTORY_QUEUE]) await boss.offWork(name, { wait: true })
      }
    },
    schedule: async ({ name, cron, timezone, clouds }) => {
      try {
        boss.previewSchedule(cron, { tz: timezone, count: 1 })
      } catch (thrown) {
        return thrown instanceof Error ? thrown.message : String(thrown)
      }
      await boss.schedule(ROUND_QUEUE, cron, { clouds }, { tz: timezone, key: name, missed: 'once' })
      return null
    },
    unschedule: (name) => boss.unschedule(ROUND_QUEUE, name),
    close: () => boss.stop({ graceful: false, close: true }),
  }
}
