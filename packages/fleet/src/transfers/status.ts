import type { Statements } from '../database/database.ts'
import { readInventory, type InventoryStatus } from '../inventory/inventory-status.ts'
import type { Schedule } from '../queue/queue.ts'
import { readSchedules } from '../queue/read-schedules.ts'
import { computeProgress, type Progress } from './progress.ts'
import type { TransferState, TransferStatus } from './transfer-status.ts'

export interface WorkerStatus {
  readonly worker: string
  readonly host: string
  readonly process: number
  readonly version: string
  readonly jobs: number
  readonly running: number
  readonly isDraining: boolean
  readonly startedAt: string
  readonly heartbeatAt: string
}

export interface FleetStatus {
  readonly at: string
  readonly counts: Readonly<Record<TransferState, number>>
  readonly progress: Progress
  /** The number of failed transfers by kind of error. */
  readonly failures: readonly { readonly reason: string; readonly transfers: number }[]
  /** The workers that are alive. */
  readonly workers: readonly WorkerStatus[]
  readonly schedules: readonly Schedule[]
  readonly inventory: InventoryStatus
  /** In the order in which they were submitted. */
  readonly transfers: readonly TransferStatus[]
}

/** A worker that has not been heard of for this long is not alive. */
export const WORKER_ALIVE_SECONDS = 30

/** A time as RFC 3339, in UTC, without zeros at the end of its fraction. */
const time = (column: string): string =>
  `rtrim(rtrim(to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS'), '0'), '.') || 'Z'`

const TRANSFERS = `
  SELECT run, title, state, bytes::float8 AS bytes, step, step_bytes::float8 AS "stepBytes", step_total::float8 AS "stepTotal", attempt, worker, reason,
    message, ${time('submitted_at')} AS "submittedAt", ${time('ready_at')} AS "readyAt", ${time('started_at')} AS "startedAt",
    ${time('finished_at')} AS "finishedAt"
  FROM imago_fleet.transfer ORDER BY position`

const WORKERS = `
  SELECT worker, host, process, version, jobs, is_draining AS "isDraining",
    (SELECT count(*)::integer FROM imago_fleet.transfer t WHERE t.worker = w.worker AND t.state = 'running') AS running,
    ${time('started_at')} AS "startedAt", ${time('heartbeat_at')} AS "heartbeatAt"
  FROM imago_fleet.worker w WHERE heartbeat_at > now() - make_interval(secs => ${WORKER_ALIVE_SECONDS}) ORDER BY started_at, worker`

const countBy = <A>(all: readonly A[], toKey: (one: A) => string): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const one of all) counts.set(toKey(one), (counts.get(toKey(one)) ?? 0) + 1)
  return counts
}

/** Reads the state of the fleet, in one transaction. */
export const readStatus = async ({ rows }: Statements): Promise<FleetStatus> => {
  await rows('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY')
  const [{ at } = { at: '' }] = await rows<{ at: string }>(`SELECT ${time('now()')} AS at`)
  const transfers = await rows<TransferStatus>(TRANSFERS)
  const workers = await rows<WorkerStatus>(WORKERS)
  const schedules = await readSchedules({ rows })
  const inventory = await readInventory({ rows })
  const states = countBy(transfers, ({ state }) => state)
  const count = (state: TransferState): number => states.get(state) ?? 0
  const failed = transfers.filter(({ state }) => state === 'failed')
  return {
    at,
    counts: {
      queued: count('queued'),
      running: count('running'),
      done: count('done'),
      failed: count('failed'),
      cancelled: count('cancelled'),
    },
    progress: computeProgress(transfers, at),
    failures: [...countBy(failed, ({ reason }) => reason ?? 'unknown')]
      .map(([reason, number]) => ({ reason, transfers: number }))
      .sort((a, b) => b.transfers - a.transfers || (a.reason < b.reason ? -1 : 1)),
    workers,
    schedules,
    inventory,
    transfers,
  }
}
