import { createErrorSite, type AbortSignalLike, type ErrorSite } from '@imago/core'
import type { Journal } from '../journal/journal.ts'
import type { Plan, StepName } from '../plan/plan.ts'
import type { Spool } from '../spool/spool.ts'
import type { TransferEvent } from './transfer-event.ts'
import type { RunRetryPolicy, RunOptions, RunTiming } from './options.ts'
import type { RunTools } from './tools.ts'

type WithoutPlace<Event> = Event extends TransferEvent ? Omit<Event, 'run' | 'at'> : never

/** What every part of a run is given. */
export interface RunContext {
  readonly run: string
  readonly plan: Plan
  readonly options: RunOptions
  readonly journal: Journal
  readonly spool: Spool
  readonly tools: RunTools
  readonly timing: RunTiming
  readonly retry: RunRetryPolicy
  readonly signal: AbortSignalLike | undefined
  readonly emit: (event: WithoutPlace<TransferEvent>) => void
}

/** Where errors of the mover itself say they come from. */
export const TRANSFER_SITE: ErrorSite = createErrorSite({ provider: 'imago', cloud: null }, 'move')

/** The journal and the listener learn that a step begins. */
export const beginStep = async (
  { journal, emit, plan }: RunContext,
  step: StepName,
  from = 0,
  total: number | null = null,
): Promise<void> => {
  await journal.note({ entry: 'step', step })
  emit({ event: 'step', step, what: plan.steps.find((one) => one.step === step)?.what ?? step, from, total })
}

/** Tells of progress once a mebibyte, and at the end. */
export const createProgress = (
  { emit }: RunContext,
  step: StepName,
  total: number | null,
): ((bytes: number) => void) => {
  let told = -1
  return (bytes) => {
    if (bytes <= told || (bytes !== total && told >= 0 && bytes - told < 2 ** 20)) return
    told = bytes
    emit({ event: 'progress', step, bytes, total })
  }
}
