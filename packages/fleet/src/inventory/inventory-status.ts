import type { Statements } from '../database/database.ts'
import { INVENTORY_QUEUE, ROUND_QUEUE, type InventoryOutcome } from '../queue/queue.ts'

/** The last inventory of each cloud of the last days. */
export interface InventoryStatus {
  readonly queued: number
  readonly running: number
  /** Clouds whose images were all read. */
  readonly done: number
  readonly failed: number
  /** Images of the clouds that are done. */
  readonly images: number
  /** When the last cloud was finished; `null`: none was. */
  readonly finishedAt: string | null
  /** The clouds that failed, sorted by name. */
  readonly failures: readonly { readonly cloud: string; readonly reason: string }[]
}

interface LastJob {
  readonly cloud: string
  readonly state: string
  readonly output: unknown
  readonly finishedAt: Date | null
}

const LAST_JOBS = `
  SELECT DISTINCT ON (singleton_key) singleton_key AS cloud, state::text AS state, output, completed_on AS "finishedAt"
  FROM imago_queue.job WHERE name = $1 ORDER BY singleton_key, created_on DESC`

const UNFINISHED = `
  SELECT FROM imago_queue.job WHERE name = ANY ($1::text[]) AND state::text IN ('created', 'retry', 'active') LIMIT 1`

/** Whether inventories are queued or running. */
export const hasUnfinishedInventories = async ({ rows }: Statements): Promise<boolean> =>
  (await rows(UNFINISHED, [[INVENTORY_QUEUE, ROUND_QUEUE]])).length > 0

const isOutcome = (output: unknown): output is InventoryOutcome =>
  typeof output === 'object' && output !== null && 'images' in output && 'reason' in output

const readReason = ({ state, output }: LastJob): string | null => {
  if (state === 'completed' && isOutcome(output)) return output.reason
  if (state !== 'failed') return null
  const message = typeof output === 'object' && output !== null && 'message' in output ? output.message : null
  return typeof message === 'string' ? message : 'workers were lost'
}

export const summarizeInventory = (jobs: readonly LastJob[]): InventoryStatus => {
  const failures = jobs.flatMap((job) => {
    const reason = readReason(job)
    return reason === null ? [] : [{ cloud: job.cloud, reason }]
  })
  const done = jobs.flatMap(({ state, output }) =>
    state === 'completed' && isOutcome(output) && output.reason === null ? [output.images] : [],
  )
  const times = jobs.flatMap(({ finishedAt }) => (finishedAt === null ? [] : [finishedAt.getTime()]))
  const last = times.reduce((latest, time) => Math.max(latest, time), 0)
  return {
    queued: jobs.filter(({ state }) => state === 'created' || state === 'retry').length,
    running: jobs.filter(({ state }) => state === 'active').length,
    done: done.length,
    failed: failures.length,
    images: done.reduce((sum, images) => sum + images, 0),
    finishedAt: last === 0 ? null : new Date(last).toISOString(),
    failures,
  }
}

export const readInventory = async ({ rows }: Statements): Promise<InventoryStatus> =>
  summarizeInventory(await rows<LastJob>(LAST_JOBS, [INVENTORY_QUEUE]))
