import type { ImageRef, VerificationLevel } from '@imago/core'
import type { Money, StepName } from '../plan/plan.ts'
import type { SourceCheck } from './source-check.ts'

/** What a move has come to. */
export interface Outcome {
  /** The id of its plan: one run for each plan. */
  readonly run: string
  /** The new image, or the file. */
  readonly made: { readonly kind: 'image'; readonly ref: ImageRef } | { readonly kind: 'file'; readonly path: string }
  /** What the target holds. */
  readonly size: number
  /** Of what was sent, by algorithm, in lower-case hex. */
  readonly digests: Readonly<Record<string, string>>
  /** What the source's bytes were compared with. */
  readonly source: SourceCheck
  /** How surely the target holds what was sent. */
  readonly verified: VerificationLevel
  /** Whether an earlier run of the plan had made it already. */
  readonly adopted: boolean
  /** What went wrong after the image was whole and verified, in words: a field that could not be set. */
  readonly warnings: readonly string[]
}

/** What a run tells while it goes on. `at`: RFC 3339, in UTC. */
export type MoveEvent =
  /** `from`: bytes that are here already, and are not moved again. */
  | { readonly event: 'step'; readonly run: string; readonly at: string; readonly step: StepName; readonly what: string; readonly from: number; readonly total: number | null }
  /** `bytes` never decreases within an attempt at a step. */
  | { readonly event: 'progress'; readonly run: string; readonly at: string; readonly step: StepName; readonly bytes: number; readonly total: number | null }
  | { readonly event: 'retry'; readonly run: string; readonly at: string; readonly step: StepName; readonly attempt: number; readonly why: string; readonly waitMs: number }
  | { readonly event: 'step-done'; readonly run: string; readonly at: string; readonly step: StepName; readonly bytes: number | null }
  | { readonly event: 'note'; readonly run: string; readonly at: string; readonly what: string }
  | { readonly event: 'done'; readonly run: string; readonly at: string; readonly outcome: Outcome }
  | { readonly event: 'failed'; readonly run: string; readonly at: string; readonly why: string; readonly resumable: boolean }

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
  readonly why: string | null
  /** `refused`, as the bytes of the source are wrong: it goes on, by itself, once the source has changed. */
  readonly untilSourceChanges: boolean
  readonly outcome: Outcome | null
}
