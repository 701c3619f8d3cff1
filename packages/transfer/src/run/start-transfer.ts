import type { ImageError } from '@imago/core'
import type { Either } from 'fp-ts/lib/Either.js'
import type { TransferOutcome } from '../journal/outcome.ts'
import type { Plan } from '../plan/plan.ts'
import { applyPlan, applyPlans, resumeRuns } from './apply.ts'
import { createEventQueue } from './event-queue.ts'
import type { RunManyOptions, RunOptions, RunResult } from './options.ts'
import type { TransferEvent } from './transfer-event.ts'

/** A transfer in progress. */
export interface StartedTransfer<Result> {
  /**
   * The events of the run, to be iterated once; they end with the run. Consecutive progress events of a step are merged if the consumer is slow. Leaving the
   * loop does not stop the run: abort its signal to do so.
   */
  readonly events: AsyncIterable<TransferEvent>
  /** Resolves when the run has ended. */
  readonly result: Promise<Result>
}

const start = <Result, Options extends RunOptions>(
  options: Options,
  run: (options: Options) => Promise<Result>,
): StartedTransfer<Result> => {
  const { push, end, events } = createEventQueue()
  const onEvent = (event: TransferEvent): void => {
    options.onEvent?.(event)
    push(event)
  }
  return { events, result: run({ ...options, onEvent }).finally(end) }
}

/**
 * Starts a plan, as `applyPlan`, and returns its events.
 *
 * @example const { events, result } = startTransfer(plan, options)
 * for await (const event of events) console.error(event)
 */
export const startTransfer = (plan: Plan, options: RunOptions): StartedTransfer<Either<ImageError, TransferOutcome>> =>
  start(options, (all) => applyPlan(plan, all)())

/** Starts several plans, as `applyPlans`, and returns the events of all of them. */
export const startTransfers = (
  plans: readonly Plan[],
  options: RunManyOptions,
): StartedTransfer<readonly RunResult[]> => start(options, (all) => applyPlans(plans, all))

/** Continues runs, as `resumeRuns`, and returns the events of all of them. */
export const startResumption = (
  runs: readonly string[] | 'all',
  options: RunManyOptions,
): StartedTransfer<readonly RunResult[]> => start(options, (all) => resumeRuns(runs, all))
