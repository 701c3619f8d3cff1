import { PgBoss, type Db } from 'pg-boss'
import type { Statements } from '../database/database.ts'
import { HEARTBEAT_SECONDS, type Queue } from './queue.ts'

const QUEUE = 'transfer'
const DAY = 24 * 60 * 60

/** The most that pg-boss allows. A job that takes longer is delivered again, and put off while its worker is alive. */
const MOST_SECONDS = DAY

const toDb = ({ rows }: Statements): Db => ({
  executeSql: async (text, values = []) => ({ rows: [...(await rows(text, values))] }),
})

/**
 * Opens the queue in the schema `imago_queue` of a PostgreSQL database, and creates it there if it does not exist. Retries, delays and duplicates are not those
 * of pg-boss: a job says only which run to look at.
 */
export const openPgBoss = async (url: string): Promise<Queue> => {
  const listeners = new Set<(error: Error) => void>()
  const boss = new PgBoss({
    connectionString: url,
    application_name: 'imago fleet',
    schema: 'imago_queue',
    max: 4,
    schedule: false,
    superviseIntervalSeconds: 2,
    monitorIntervalSeconds: 2,
  })
  boss.on('error', (error) => listeners.forEach((listener) => listener(error)))
  await boss.start()
  if ((await boss.getQueue(QUEUE)) === null)
    await boss.createQueue(QUEUE, {
      expireInSeconds: MOST_SECONDS,
      heartbeatSeconds: HEARTBEAT_SECONDS,
      // A job is delivered as often as workers are lost: the fleet counts them for each transfer.
      retryLimit: 1_000_000,
      retryDelay: 0,
      retentionSeconds: 3650 * DAY,
      deleteAfterSeconds: 60 * 60,
    })
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
      await boss.work<{ readonly run: string }, void>(
        QUEUE,
        {
          batchSize: 1,
          localConcurrency: jobs,
          pollingIntervalSeconds: 1,
          heartbeatRefreshSeconds: HEARTBEAT_SECONDS / 4,
        },
        async ([job]) => {
          if (job !== undefined) await handle(job.data.run)
        },
      )
      return () => boss.offWork(QUEUE, { wait: false })
    },
    close: () => boss.stop({ graceful: false, close: true }),
  }
}
