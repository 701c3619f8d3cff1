import type { Capabilities, CloudIdentity, Image, UploadLimits, WorkEstimate } from '@imago/core'
import type { RecordOverrides } from '../metadata/record-overrides.ts'
import type { ExpectedDigest } from '../digests/expected-digest.ts'
import type { SourceFacts } from '../facts/source-facts.ts'
import type { Compression } from './plan.ts'

/** What is to be moved, and what is known of it. Whoever plans asks the clouds; planning itself asks nobody. */
export type TransferSource =
  | {
      readonly kind: 'image'
      readonly image: Image
      readonly capabilities: Capabilities
      /** What the provider said that reading it needs. */
      readonly estimate?: WorkEstimate | null | undefined
      /** Why the provider says that it cannot read it, in words; `null`, absent: it did not refuse. */
      readonly refusal?: string | null | undefined
    }
  /** `facts`: what a look at its bytes tells; `null`, absent: nobody looked. */
  | {
      readonly kind: 'file'
      readonly path: string
      readonly size: number | null
      readonly modifiedAt: string | null
      readonly facts?: SourceFacts | null | undefined
    }
  /** `url` may hold secrets: the plan keeps none of them. */
  | {
      readonly kind: 'url'
      readonly url: string
      readonly size: number | null
      readonly etag: string | null
      /** What its server calls the bytes; absent, `null`: it does not. */
      readonly contentType?: string | null | undefined
      readonly facts?: SourceFacts | null | undefined
      /** Where redirects led, without its query; absent: not told. */
      readonly finalUrl?: string | undefined
    }

/** What transfers will take of a quota. */
export interface PlannedUsage {
  readonly bytes: number
  readonly images: number
}

/** Where it is to go. */
export type TransferTarget =
  | {
      readonly kind: 'cloud'
      readonly cloud: CloudIdentity
      readonly capabilities: Capabilities
      readonly estimate?: WorkEstimate | null | undefined
      /** Why the provider says that it cannot do this, in words; `null`, absent: it did not refuse. */
      readonly refusal?: string | null | undefined
      /** What the cloud reports of new images; `null`, absent: nothing is known. */
      readonly limits?: UploadLimits | null | undefined
      /** What transfers to the same cloud take that were planned before, and are not carried out yet. Absent: nothing. */
      readonly plannedUsage?: PlannedUsage | undefined
      /** Whether the image of this plan is there already, so that it takes nothing more. Absent: it is not. */
      readonly alreadyExists?: boolean | undefined
    }
  | { readonly kind: 'file'; readonly path: string }

/** What the user wants of the new image. What is absent is carried from the source, where it can be. */
export interface TransferOverrides extends RecordOverrides {
  /** What the source's bytes are, where the source does not say. They are inspected all the same. */
  readonly sourceFormat?: string | undefined
  readonly compression?: Compression | 'none' | undefined
  /** Whether the source is an archive that holds the disk. Absent: as its bytes or its name tell. */
  readonly archive?: 'tar' | 'none' | undefined
  /** The file of the archive that is the disk. */
  readonly member?: string | undefined
  /** What the publisher says that the source's bytes are. Compared before the target keeps any of them. */
  readonly sourceDigests?: readonly ExpectedDigest[] | undefined
  /** What the target's bytes shall be. */
  readonly diskFormat?: string | undefined
  /** Of the target, for the data. */
  readonly store?: string | undefined
}

/** Bytes a second, for estimates. */
export interface TransferRates {
  readonly download: number
  readonly upload: number
  /** Hashing, decompressing and converting on this machine. */
  readonly local: number
}
