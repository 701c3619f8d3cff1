import type { VerificationLevel } from '@imago/core'
import type { Plan, StepName } from '../plan/plan.ts'
import type { TransferOutcome } from './outcome.ts'

/** The version of the journal's entries. */
export const JOURNAL_VERSION = 2

/** A file of the spool. `source`: as downloaded; `disk`: decompressed; `converted`: as qemu-img made it. */
export type SpoolItem = 'source' | 'disk' | 'converted'

/** A file that was inspected and verified. */
export interface Ready {
  readonly size: number
  /** By algorithm, in lower-case hex. */
  readonly digests: Readonly<Record<string, string>>
  /** Of the disk inside; `null`: not told. */
  readonly virtualSize: number | null
  /** Whether its digest is one that the source declares. */
  readonly declared: boolean
}

/** A source whose bytes are not what they should be. */
export interface WrongSource {
  /** A fingerprint of what it was then; `null`: that was not seen. */
  readonly version: string | null
  readonly expected: string
  readonly actual: string
}

/** What a run notes. Nothing secret is among it. */
export type Entry =
  | { readonly entry: 'started'; readonly plan: Plan }
  | { readonly entry: 'step'; readonly step: StepName }
  /** Where the URL of the source led: masked. */
  | { readonly entry: 'redirected'; readonly url: string }
  /** A fingerprint of what the source was when its bytes were read. */
  | { readonly entry: 'source-version'; readonly version: string }
  /** Bytes of an item that are on the disk for sure. */
  | { readonly entry: 'synced'; readonly item: SpoolItem; readonly bytes: number }
  | { readonly entry: 'ready'; readonly item: SpoolItem; readonly ready: Ready }
  /** What was ready is not used any more. */
  | { readonly entry: 'discarded'; readonly item: SpoolItem }
  /** Before the record of attempt `attempt` is asked for. */
  | { readonly entry: 'creating'; readonly attempt: number; readonly id: string | null }
  /** Before its bytes are sent. */
  | { readonly entry: 'sending'; readonly id: string | null }
  /** Before the last of them is handed over: without this, the target cannot have got all. */
  | { readonly entry: 'last-chunk'; readonly id: string }
  /** The target holds them. `verified`: as far as it says itself. */
  | {
      readonly entry: 'sent'
      readonly id: string
      readonly verified: VerificationLevel | null
      readonly adopted: boolean
    }
  | { readonly entry: 'verified'; readonly level: VerificationLevel }
  /** What this run made was removed again: the next attempt makes another. */
  | { readonly entry: 'deleted'; readonly id: string }
  /** `isFinal`: the same plan fails again, until it is told otherwise. `wrongSource`: it does until its source has changed. */
  | {
      readonly entry: 'failed'
      readonly error: string
      readonly what: string
      readonly isFinal?: boolean
      readonly wrongSource?: WrongSource
    }
  | { readonly entry: 'done'; readonly outcome: TransferOutcome }

/** An entry with its version and instant, as it stands on a line. */
export type Line = Entry & { readonly v: number; readonly at: string }
