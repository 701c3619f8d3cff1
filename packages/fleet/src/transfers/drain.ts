import type { Statements } from '../database/database.ts'
import { WORKER_ALIVE_SECONDS } from './status.ts'

const ALIVE = `heartbeat_at > now() - make_interval(secs => ${WORKER_ALIVE_SECONDS})`

const toWorkers = (rows: readonly { readonly worker: string }[]): readonly string[] => rows.map(({ worker }) => worker)

/** Tells the workers that are alive to take nothing more, and returns them. Workers that start later are not affected. */
export const drain = async ({ rows }: Statements): Promise<readonly string[]> =>
  toWorkers(
    await rows<{ readonly worker: string }>(
      `UPDATE imago_fleet.worker SET is_draining = true WHERE ${ALIVE} RETURNING worker`,
    ),
  )

/** The workers among the given ones that are alive. */
export const listAlive = async ({ rows }: Statements, workers: readonly string[]): Promise<readonly string[]> =>
  toWorkers(
    await rows<{ readonly worker: string }>(
      `SELECT worker FROM imago_fleet.worker WHERE worker = ANY ($1::uuid[]) AND ${ALIVE}`,
      [[...workers]],
    ),
  )
