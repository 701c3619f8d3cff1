import type { VerificationLevel } from '@imago/core'
import type { Plan, StepName } from '../plan/plan.ts'
import type { TransferOutcome } from './outcome.ts'
import type { Line, Ready, SpoolItem, WrongSource } from './entry.ts'

/** The state of a run, from its journal. */
export interface RunState {
  readonly plan: Plan
  /** How often the run was taken; 0: by a version without epochs. */
  readonly epoch: number
  readonly startedAt: string
  readonly lastAt: string
  readonly step: StepName | null
  /** The URL of the source after redirects; `null`: unknown, or not redirected. */
  readonly redirectedTo: string | null
  /** A fingerprint of the source's version when its bytes were last read; `null`: unknown. */
  readonly sourceVersion: string | null
  /** The source whose bytes were wrong; `null`: none. */
  readonly wrongSource: (WrongSource & { readonly what: string }) | null
  readonly synced: Readonly<Partial<Record<SpoolItem, number>>>
  readonly ready: Readonly<Partial<Record<SpoolItem, Ready>>>
  readonly attempt: number
  /** The image of this attempt, once it has been requested. */
  readonly creating: string | null
  /** Whether this run has started to send its bytes. */
  readonly sending: boolean
  /** Whether all bytes may have been sent. */
  readonly mayBeComplete: boolean
  readonly sent: { readonly id: string; readonly verified: VerificationLevel | null; readonly adopted: boolean } | null
  readonly verified: VerificationLevel | null
  readonly failed: {
    readonly error: string
    readonly what: string
    readonly isFinal: boolean
    readonly untilSourceChanges: boolean
  } | null
  readonly outcome: TransferOutcome | null
}

const createState = (plan: Plan, { at, epoch }: Line): RunState => ({
  plan,
  epoch,
  startedAt: at,
  lastAt: at,
  step: null,
  redirectedTo: null,
  sourceVersion: null,
  wrongSource: null,
  synced: {},
  ready: {},
  attempt: 0,
  creating: null,
  sending: false,
  mayBeComplete: false,
  sent: null,
  verified: null,
  failed: null,
  outcome: null,
})

const without = <V>(
  record: Readonly<Partial<Record<SpoolItem, V>>>,
  item: SpoolItem,
): Readonly<Partial<Record<SpoolItem, V>>> => {
  const { [item]: _, ...rest } = record
  return rest as Readonly<Partial<Record<SpoolItem, V>>>
}

const step = (state: RunState, line: Line): RunState => {
  switch (line.entry) {
    case 'started':
      // A start after `done` means that the plan runs again.
      return state.outcome === null
        ? { ...state, failed: null }
        : { ...createState(line.plan, line), attempt: state.attempt }
    case 'taken':
      return state
    case 'step':
      return { ...state, step: line.step, failed: null }
    case 'redirected':
      return { ...state, redirectedTo: line.url }
    case 'source-version':
      return { ...state, sourceVersion: line.version }
    case 'synced':
      return { ...state, synced: { ...state.synced, [line.item]: line.bytes } }
    case 'ready':
      return { ...state, ready: { ...state.ready, [line.item]: line.ready } }
    case 'discarded':
      return { ...state, ready: without(state.ready, line.item), synced: without(state.synced, line.item) }
    case 'creating':
      return {
        ...state,
        attempt: line.attempt,
        creating: line.id,
        sending: false,
        mayBeComplete: false,
        sent: null,
        verified: null,
      }
    case 'sending':
      return { ...state, sending: true }
    case 'last-chunk':
      return { ...state, mayBeComplete: true }
    case 'sent':
      return { ...state, sent: { id: line.id, verified: line.verified, adopted: line.adopted } }
    case 'verified':
      return { ...state, verified: line.level }
    case 'deleted':
      return {
        ...state,
        attempt: state.attempt + 1,
        creating: null,
        sending: false,
        mayBeComplete: false,
        sent: null,
        verified: null,
      }
    case 'failed':
      return {
        ...state,
        failed: {
          error: line.error,
          what: line.what,
          isFinal: line.isFinal === true,
          untilSourceChanges: line.wrongSource !== undefined,
        },
        wrongSource: line.wrongSource === undefined ? state.wrongSource : { ...line.wrongSource, what: line.what },
      }
    case 'done':
      return { ...state, outcome: line.outcome }
  }
}

/** The state after these lines; `null`: the run has not started. */
export const replayEntries = (lines: readonly Line[]): RunState | null =>
  lines.reduce<RunState | null>((state, line) => {
    if (state === null) return line.entry === 'started' ? createState(line.plan, line) : null
    return { ...step(state, line), epoch: line.epoch, lastAt: line.at }
  }, null)

/** The state after one more line. */
export const applyEntry = (state: RunState, line: Line): RunState => ({
  ...step(state, line),
  epoch: line.epoch,
  lastAt: line.at,
})
