import type { TransferOutcome } from '../journal/outcome.ts'
import type { Money, StepName } from '../plan/plan.ts'

/** What the journal of a run says. */
export interface RunSummary {
  readonly run: string
  /**
   * `done`: as `outcome` says. `running`: by a living process. `stopped`: can be resumed. `failed`: can be resumed, and then tries again. `refused`: so it can,
   * but will fail again unless it is told otherwise: for what the bytes are, or for a source that is not what was planned. `unreadable`: `why` says.
   */
  readonly state: 'running' | 'stopped' | 'failed' | 'refused' | 'done' | 'unreadable'
  /** RFC 3339, in UTC; `null` where it cannot be read. */
  readonly startedAt: string | null
  readonly lastAt: string | null
  /** The step it was at; `null` before the first. */
  readonly step: StepName | null
  /** From where to where, in words. */
  readonly what: string
  /** Over the network, all in all, as its plan says; `null`: not known. */
  readonly bytes: number | null
  /** What the plan orders at providers for its own time, and what that costs once. */
  readonly resources: readonly string[]
  readonly once: readonly Money[]
  readonly reason: string | null
  /** `refused`, as the bytes of the source are wrong: it goes on, by itself, once the source has changed. */
  readonly untilSourceChanges: boolean
  readonly outcome: TransferOutcome | null
}
