import type { TransferOutcome } from '../journal/outcome.ts'
import type { StepName } from '../plan/plan.ts'

/** An event of a run. `at`: RFC 3339, in UTC. */
export type TransferEvent =
  /** A step starts. `from`: bytes that are already staged. */
  | {
      readonly event: 'step'
      readonly run: string
      readonly at: string
      readonly step: StepName
      readonly what: string
      readonly from: number
      readonly total: number | null
    }
  /** `bytes` never decreases within an attempt of a step. */
  | {
      readonly event: 'progress'
      readonly run: string
      readonly at: string
      readonly step: StepName
      readonly bytes: number
      readonly total: number | null
    }
  | {
      readonly event: 'retry'
      readonly run: string
      readonly at: string
      readonly step: StepName
      readonly attempt: number
      readonly reason: string
      readonly waitMs: number
    }
  | {
      readonly event: 'step-done'
      readonly run: string
      readonly at: string
      readonly step: StepName
      readonly bytes: number | null
    }
  | { readonly event: 'note'; readonly run: string; readonly at: string; readonly what: string }
  | { readonly event: 'done'; readonly run: string; readonly at: string; readonly outcome: TransferOutcome }
  | {
      readonly event: 'failed'
      readonly run: string
      readonly at: string
      readonly reason: string
      readonly resumable: boolean
    }
