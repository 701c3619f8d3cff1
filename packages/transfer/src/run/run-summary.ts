import type { TransferOutcome } from '../journal/outcome.ts'
import type { Money, StepName } from '../plan/plan.ts'

/** The summary of a run, from its journal. */
export interface RunSummary {
  readonly run: string
  /**
   * `running`: a process runs it. `stopped`: interrupted, can be resumed. `failed`: resuming retries it. `refused`: resuming fails again, unless options or
   * the source change. `done`: see `outcome`. `unreadable`: see `reason`.
   */
  readonly state: 'running' | 'stopped' | 'failed' | 'refused' | 'done' | 'unreadable'
  /** RFC 3339, in UTC; `null`: the journal cannot be read. */
  readonly startedAt: string | null
  readonly lastAt: string | null
  /** The last step; `null`: before the first. */
  readonly step: StepName | null
  /** Source and target, in words. */
  readonly what: string
  /** Bytes over the network, by its plan; `null`: unknown. */
  readonly bytes: number | null
  /** Temporary resources of the plan at providers, and what they cost once. */
  readonly resources: readonly string[]
  readonly once: readonly Money[]
  readonly reason: string | null
  /** Refused because the bytes of the source are wrong: it can be resumed once the source has changed. */
  readonly untilSourceChanges: boolean
  readonly outcome: TransferOutcome | null
}
