import type { Statements } from '../database/database.ts'

/** What a worker knows about an attempt in progress. */
export interface AttemptProgress {
  readonly run: string
  readonly attempt: number
  readonly step: string | null
  readonly bytes: number | null
  readonly total: number | null
}

export interface WorkerDescription {
  readonly worker: string
  readonly host: string
  readonly process: number
  readonly version: string
  readonly jobs: number
}

/** Registers a worker. A worker that was forgotten registers again. */
const REGISTER = `
  INSERT INTO imago_fleet.worker (worker, host, process, version, jobs) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (worker) DO UPDATE SET heartbeat_at = now()
  RETURNING is_draining AS "isDraining"`

const TOUCH = `
  UPDATE imago_fleet.transfer t
  SET heartbeat_at = now(), step = own.step, step_bytes = own.bytes, step_total = own.total
  FROM unnest($1::uuid[], $2::integer[], $3::text[], $4::bigint[], $5::bigint[]) AS own (run, attempt, step, bytes, total)
  WHERE t.run = own.run AND t.attempt = own.attempt AND t.state = 'running'
  RETURNING t.run`

/** The answer to a heartbeat: whether the worker should take nothing more, and which of its transfers are still its own. */
export interface HeartbeatAnswer {
  readonly isDraining: boolean
  readonly own: ReadonlySet<string>
}

export const beat = async (
  { rows }: Statements,
  { worker, host, process, version, jobs }: WorkerDescription,
  attempts: readonly AttemptProgress[],
): Promise<HeartbeatAnswer> => {
  const [{ isDraining } = { isDraining: false }] = await rows<{ isDraining: boolean }>(REGISTER, [
    worker,
    host,
    process,
    version,
    jobs,
  ])
  const own =
    attempts.length === 0
      ? []
      : await rows<{ readonly run: string }>(TOUCH, [
          attempts.map(({ run }) => run),
          attempts.map(({ attempt }) => attempt),
          attempts.map(({ step }) => step),
          attempts.map(({ bytes }) => bytes),
          attempts.map(({ total }) => total),
        ])
  return { isDraining, own: new Set(own.map(({ run }) => run)) }
}

/** Removes a worker that has ended, and those that have not been heard of for a day. */
export const unregister = async ({ rows }: Statements, worker: string): Promise<void> => {
  await rows("DELETE FROM imago_fleet.worker WHERE worker = $1 OR heartbeat_at < now() - interval '1 day'", [worker])
}
