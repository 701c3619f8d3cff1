import type { VerificationLevel } from '@imago/core'
import type { Plan, StepName } from '../plan/plan.ts'
import type { TransferOutcome } from './outcome.ts'

/** The version of the journal's entries. Version 2 had no epochs, and is read as epoch 0. */
export const JOURNAL_VERSION = 3

/** A file in the spool. `source`: as downloaded; `disk`: decompressed or extracted; `converted`: output of qemu-img. */
export type SpoolItem = 'source' | 'disk' | 'converted'

/** A file that has been inspected and verified. */
export interface Ready {
  readonly size: number
  /** By algorithm, in lower-case hex. */
  readonly digests: Readonly<Record<string, string>>
  /** Size of the disk, in bytes; `null`: unknown. */
  readonly virtualSize: number | null
  /** Whether it has a digest that the source declares. */
  readonly declared: boolean
}

/** A source with wrong bytes. */
export interface WrongSource {
  /** A fingerprint of its version; `null`: unknown. */
  readonly version: string | null
  readonly expected: string
  readonly actual: string
}

/** An entry of the journal. It contains no secrets. */
export type Entry =
  | { readonly entry: 'started'; readonly plan: Plan }
  /** An owner has taken the existing run. */
  | { readonly entry: 'taken' }
  | { readonly entry: 'step'; readonly step: StepName }
  /** The URL after redirects, masked. */
  | { readonly entry: 'redirected'; readonly url: string }
  /** A fingerprint of the source's version when its bytes were read. */
  | { readonly entry: 'source-version'; readonly version: string }
  /** Bytes of an item that have been synced to disk. */
  | { readonly entry: 'synced'; readonly item: SpoolItem; readonly bytes: number }
  | { readonly entry: 'ready'; readonly item: SpoolItem; readonly ready: Ready }
  /** The item is no longer used. */
  | { readonly entry: 'discarded'; readonly item: SpoolItem }
  /** Written before the image of an attempt is requested. */
  | { readonly entry: 'creating'; readonly attempt: number; readonly id: string | null }
  /** Written before its bytes are sent. */
  | { readonly entry: 'sending'; readonly id: string | null }
  /** Written before the last chunk is sent: without it, the target cannot have all bytes. */
  | { readonly entry: 'last-chunk'; readonly id: string }
  /** The target has all bytes. `verified`: the level that the provider itself verified. */
  | {
      readonly entry: 'sent'
      readonly id: string
      readonly verified: VerificationLevel | null
      readonly adopted: boolean
    }
  | { readonly entry: 'verified'; readonly level: VerificationLevel }
  /** The image of this attempt was deleted: the next attempt creates another. */
  | { readonly entry: 'deleted'; readonly id: string }
  /** `isFinal`: resuming fails again. `wrongSource`: until the source has changed. */
  | {
      readonly entry: 'failed'
      readonly error: string
      readonly what: string
      readonly isFinal?: boolean
      readonly wrongSource?: WrongSource
    }
  | { readonly entry: 'done'; readonly outcome: TransferOutcome }

/** A line of the journal: an entry with its version, its time, and the epoch of the run in which it was written. */
export type Line = Entry & { readonly v: number; readonly at: string; readonly epoch: number }
