import { createErrorSite, type AbortSignalLike, type ErrorSite } from '@imago/core'
import type { Journal } from '../journal/journal.ts'
import type { Plan, StepName } from '../plan/plan.ts'
import type { Spool } from '../spool/spool.ts'
import type { TransferEvent } from './transfer-event.ts'
import type { RunRetryPolicy, RunOptions, RunTiming } from './options.ts'
import type { RunTools } from './tools.ts'

type WithoutRun<Event> = Event extends TransferEvent ? Omit<Event, 'run' | 'at'> : never

/** The state and services that all parts of a run share. */
export interface RunContext {
  readonly run: string
  readonly plan: Plan
  readonly options: RunOptions
  readonly journal: Journal
  readonly spool: Spool
  readonly tools: RunTools
  readonly timing: RunTiming
  readonly retry: RunRetryPolicy
  /** The size, in bytes, from which an image is sent while it is fetched. */
  readonly minOverlappedBytes: number
  readonly signal: AbortSignalLike | undefined
  readonly emit: (event: WithoutRun<TransferEvent>) => void
}

/** The site of errors of the transfer itself. */
export const TRANSFER_SITE: ErrorSite = createErrorSite({ provider: 'imago', cloud: null }, 'transfer')

/** Records the start of a step in the journal, and emits its event. */
export const beginStep = async (
  { journal, emit, plan }: RunContext,
  step: StepName,
  from = 0,
  total: number | null = null,
): Promise<void> => {
  await journal.note({ entry: 'step', step })
  emit({ event: 'step', step, what: plan.steps.find((one) => one.step === step)?.what ?? step, from, total })
}

/** Emits a progress event for each mebibyte, and at the end. */
export const createProgress = (
  { emit }: RunContext,
  step: StepName,
  total: number | null,
): ((bytes: number) => void) => {
  let last = -1
  return (bytes) => {
    if (bytes <= last || (bytes !== total && last >= 0 && bytes - last < 2 ** 20)) return
    last = bytes
    emit({ event: 'progress', step, bytes, total })
  }
}
