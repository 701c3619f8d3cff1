import type { Statements } from '../database/database.ts'
import { HEARTBEAT_SECONDS, type Queue } from '../queue/queue.ts'
import type { RunSettings } from './to-entry.ts'

/** A transfer that a worker has begun. The worker changes it only under this attempt: a later one belongs to another worker. */
export interface Attempt {
  readonly run: string
  readonly attempt: number
  readonly plan: unknown
  readonly settings: RunSettings
  /** Failures so far that were retried. */
  readonly failures: number
}

/** `over`: it is done, has failed or was cancelled. `deferred`: another worker has it, or a limit is reached; it was sent again, for later. */
export type Begun = { readonly result: 'begun'; readonly attempt: Attempt } | { readonly result: 'over' | 'deferred' }

/** The most transfers at a time from or to a cloud, by its key, over all workers. */
export type CloudLimits = ReadonlyMap<string, number>

/** A transfer whose worker was lost this many times is not tried again: it may be what ends the workers. */
const MAX_LOST_WORKERS = 20

/** When to look again at a transfer that another worker seems to have. */
const ELSEWHERE_SECONDS = HEARTBEAT_SECONDS
/** When to look again at a transfer that a limit stopped. */
const LIMITED_SECONDS = 5

interface Row {
  readonly state: string
  readonly isAlive: boolean
  readonly lost: number
  readonly sourceCloud: string | null
  readonly targetCloud: string | null
}

const FIND = `
  SELECT state, lost, source_cloud AS "sourceCloud", target_cloud AS "targetCloud",
    COALESCE(heartbeat_at > now() - make_interval(secs => ${HEARTBEAT_SECONDS}), false) AS "isAlive"
  FROM imago_fleet.transfer WHERE run = $1 FOR UPDATE`

const BEGIN = `
  UPDATE imago_fleet.transfer
  SET state = 'running', attempt = attempt + 1, lost = lost + $3, worker = $2, step = NULL, step_bytes = NULL, step_total = NULL,
    ready_at = NULL, started_at = COALESCE(started_at, now()), heartbeat_at = now()
  WHERE run = $1
  RETURNING run, attempt, plan, settings, failures`

const GIVE_UP = `
  UPDATE imago_fleet.transfer
  SET state = 'failed', reason = 'WorkerLost', message = $2, attempt = attempt + 1, finished_at = now()
  WHERE run = $1`

/** Whether a limit of one of its clouds is reached. */
const isLimited = async (
  { rows }: Statements,
  run: string,
  { sourceCloud, targetCloud }: Row,
  limits: CloudLimits,
): Promise<boolean> => {
  const limited = [...new Set([sourceCloud, targetCloud])].flatMap((cloud) => {
    const limit = cloud === null ? undefined : limits.get(cloud)
    return cloud === null || limit === undefined ? [] : [{ cloud, limit }]
  })
  if (limited.length === 0) return false
  // Until the end of the transaction, no other worker counts.
  await rows("SELECT pg_advisory_xact_lock(hashtext('imago_fleet.limits'))")
  for (const { cloud, limit } of limited) {
    // A transfer whose worker was lost still counts: it may have an upload in progress, and continues first.
    const [{ running } = { running: 0 }] = await rows<{ running: number }>(
      `SELECT count(*)::integer AS running FROM imago_fleet.transfer
       WHERE state = 'running' AND run <> $1 AND (source_cloud = $2 OR target_cloud = $2)`,
      [run, cloud],
    )
    if (running >= limit) return true
  }
  return false
}

/**
 * Begins a transfer for a worker, in the transaction. One that is running is taken over if its worker has not been heard of for as long as the queue waits
 * for it.
 */
export const begin = async (
  statements: Statements,
  queue: Queue,
  run: string,
  worker: string,
  limits: CloudLimits,
): Promise<Begun> => {
  const [row] = await statements.rows<Row>(FIND, [run])
  if (row === undefined || !['queued', 'running'].includes(row.state)) return { result: 'over' }
  if (row.state === 'running' && row.isAlive) {
    await queue.send(statements, [{ run, delaySeconds: ELSEWHERE_SECONDS }])
    return { result: 'deferred' }
  }
  const isLost = row.state === 'running'
  if (isLost && row.lost + 1 >= MAX_LOST_WORKERS) {
    await statements.rows(GIVE_UP, [run, `its worker was lost ${MAX_LOST_WORKERS} times`])
    return { result: 'over' }
  }
  if (await isLimited(statements, run, row, limits)) {
    await queue.send(statements, [{ run, delaySeconds: LIMITED_SECONDS }])
    return { result: 'deferred' }
  }
  const [attempt] = await statements.rows<Attempt>(BEGIN, [run, worker, isLost ? 1 : 0])
  return attempt === undefined ? { result: 'over' } : { result: 'begun', attempt }
}
