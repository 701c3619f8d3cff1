import { formatError, isRetryable, type ImageError } from '@imago/core'
import { isFenced, type TransferOutcome } from '@imago/transfer'
import * as E from 'fp-ts/lib/Either.js'
import type { Statements } from '../database/database.ts'
import type { Queue } from '../queue/queue.ts'
import type { Attempt } from './begin.ts'

/**
 * What becomes of a transfer after an attempt. `retry`, `handover`: it is queued again, after some seconds; only retries are counted. `leave`: another worker
 * has it.
 */
export type Settlement =
  | { readonly to: 'done'; readonly outcome: TransferOutcome }
  | { readonly to: 'failed'; readonly error: ImageError }
  | { readonly to: 'retry'; readonly error: ImageError; readonly seconds: number }
  | { readonly to: 'handover'; readonly seconds: number }
  | { readonly to: 'leave' }

/** A transfer fails for good after this many failures that may be retried. */
export const MAX_FAILURES = 8

const FIRST_WAIT_SECONDS = 15
const MAX_WAIT_SECONDS = 30 * 60
/** When to look again at a run that another process has. */
const IN_USE_SECONDS = 15

/** How long to wait after a failure: as long as the error names, else longer each time. */
const waitSeconds = (error: ImageError, failures: number): number =>
  error._tag === 'RateLimited' && error.retryAfterMs !== null
    ? Math.ceil(error.retryAfterMs / 1000)
    : Math.min(FIRST_WAIT_SECONDS * 2 ** failures, MAX_WAIT_SECONDS)

/** Decides what becomes of a transfer. `failures`: those before this attempt. */
export const decideSettlement = (result: E.Either<ImageError, TransferOutcome>, failures: number): Settlement => {
  if (E.isRight(result)) return { to: 'done', outcome: result.right }
  const error = result.left
  if (isFenced(error)) return { to: 'leave' }
  if (error._tag === 'Conflict' && error.reason === 'in_use') return { to: 'handover', seconds: IN_USE_SECONDS }
  // Only a worker that stops aborts a transfer that is still its own.
  if (error._tag === 'Aborted') return { to: 'handover', seconds: 0 }
  return isRetryable(error) && failures + 1 < MAX_FAILURES
    ? { to: 'retry', error, seconds: waitSeconds(error, failures) }
    : { to: 'failed', error }
}

const DONE = `
  UPDATE imago_fleet.transfer
  SET state = 'done', outcome = $3, reason = NULL, message = NULL, worker = NULL, step = NULL, step_bytes = NULL, step_total = NULL,
    finished_at = now()
  WHERE run = $1 AND attempt = $2 AND state IN ('running', 'cancelled')`

const FAILED = `
  UPDATE imago_fleet.transfer
  SET state = 'failed', reason = $3, message = $4, failures = failures + 1, worker = NULL, finished_at = now()
  WHERE run = $1 AND attempt = $2 AND state = 'running'`

const QUEUED = `
  UPDATE imago_fleet.transfer
  SET state = 'queued', reason = $3, message = $4, failures = failures + $5, worker = NULL, ready_at = now() + make_interval(secs => $6)
  WHERE run = $1 AND attempt = $2 AND state = 'running'
  RETURNING run`

/** Stores what becomes of a transfer, in the transaction. Changes nothing if it has been cancelled or another worker has it, except that a completed transfer is done. */
export const settle = async (
  statements: Statements,
  queue: Queue,
  { run, attempt }: Pick<Attempt, 'run' | 'attempt'>,
  settlement: Settlement,
): Promise<void> => {
  switch (settlement.to) {
    case 'leave':
      return
    case 'done':
      await statements.rows(DONE, [run, attempt, JSON.stringify(settlement.outcome)])
      return
    case 'failed':
      await statements.rows(FAILED, [run, attempt, settlement.error._tag, formatError(settlement.error)])
      return
    case 'retry':
    case 'handover': {
      const { seconds } = settlement
      const [reason, message, failed] =
        settlement.to === 'retry' ? [settlement.error._tag, formatError(settlement.error), 1] : [null, null, 0]
      const rows = await statements.rows(QUEUED, [run, attempt, reason, message, failed, seconds])
      if (rows.length > 0) await queue.send(statements, [{ run, delaySeconds: seconds }])
    }
  }
}
