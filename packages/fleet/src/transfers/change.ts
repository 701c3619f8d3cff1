import type { Statements } from '../database/database.ts'
import type { Queue } from '../queue/queue.ts'

/** Some transfers by their runs, or all that can be changed. */
export type Chosen = readonly string[] | 'all'

const WHERE = '($1::uuid[] IS NULL OR run = ANY ($1::uuid[]))'

const values = (chosen: Chosen): readonly unknown[] => [chosen === 'all' ? null : [...chosen]]

/** Queues failed and cancelled transfers again, in the transaction. Returns their runs. */
export const retry = async (statements: Statements, queue: Queue, chosen: Chosen): Promise<readonly string[]> => {
  const rows = await statements.rows<{ readonly run: string }>(
    `UPDATE imago_fleet.transfer
     SET state = 'queued', failures = 0, lost = 0, reason = NULL, message = NULL, finished_at = NULL, ready_at = now()
     WHERE state IN ('failed', 'cancelled') AND ${WHERE} RETURNING run`,
    values(chosen),
  )
  const runs = rows.map(({ run }) => run)
  await queue.send(
    statements,
    runs.map((run) => ({ run })),
  )
  return runs
}

/** Cancels queued and running transfers. The worker of a running one stops it at its next heartbeat. Returns their runs. */
export const cancel = async ({ rows }: Statements, chosen: Chosen): Promise<readonly string[]> =>
  (
    await rows<{ readonly run: string }>(
      `UPDATE imago_fleet.transfer SET state = 'cancelled', finished_at = now()
       WHERE state IN ('queued', 'running') AND ${WHERE} RETURNING run`,
      values(chosen),
    )
  ).map(({ run }) => run)

/** The transfers that exist among the chosen ones. */
export const findKnown = async ({ rows }: Statements, runs: readonly string[]): Promise<ReadonlySet<string>> =>
  new Set(
    (
      await rows<{ readonly run: string }>('SELECT run FROM imago_fleet.transfer WHERE run = ANY ($1::uuid[])', [
        [...runs],
      ])
    ).map(({ run }) => run),
  )
