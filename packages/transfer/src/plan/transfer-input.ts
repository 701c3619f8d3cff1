import type { Capabilities, CloudIdentity, Image, UploadLimits, WorkEstimate } from '@imago/core'
import type { RecordOverrides } from '../metadata/record-overrides.ts'
import type { ExpectedDigest } from '../digests/expected-digest.ts'
import type { SourceFacts } from '../facts/source-facts.ts'
import type { Compression } from './plan.ts'

/** The source of a transfer, with known facts. Callers query the clouds; planning sends no request. */
export type TransferSource =
  | {
      readonly kind: 'image'
      readonly image: Image
      readonly capabilities: Capabilities
      /** The provider's estimate for the download. */
      readonly estimate?: WorkEstimate | null | undefined
      /** Why the provider cannot download it; `null`, absent: it can. */
      readonly refusal?: string | null | undefined
    }
  /** `facts`: from inspecting its bytes; `null`, absent: it was not inspected. */
  | {
      readonly kind: 'file'
      readonly path: string
      readonly size: number | null
      readonly modifiedAt: string | null
      readonly facts?: SourceFacts | null | undefined
    }
  /** `url` may contain secrets, which the plan omits. */
  | {
      readonly kind: 'url'
      readonly url: string
      readonly size: number | null
      readonly etag: string | null
      /** The content type that its server reports; absent, `null`: none. */
      readonly contentType?: string | null | undefined
      readonly facts?: SourceFacts | null | undefined
      /** The URL after redirects, without its query; absent: unknown. */
      readonly finalUrl?: string | undefined
    }

/** The quota that planned transfers will use. */
export interface PlannedUsage {
  readonly bytes: number
  readonly images: number
}

/** The target of a transfer. */
export type TransferTarget =
  | {
      readonly kind: 'cloud'
      readonly cloud: CloudIdentity
      readonly capabilities: Capabilities
      readonly estimate?: WorkEstimate | null | undefined
      /** Why the provider cannot create the image; `null`, absent: it can. */
      readonly refusal?: string | null | undefined
      /** Limits that the cloud reports for new images; `null`, absent: unknown. */
      readonly limits?: UploadLimits | null | undefined
      /** What earlier plans to the same cloud will use, which have not run yet. Absent: nothing. */
      readonly plannedUsage?: PlannedUsage | undefined
      /** Whether the image of this plan already exists, so that it uses no more quota. Default: false. */
      readonly alreadyExists?: boolean | undefined
    }
  | { readonly kind: 'file'; readonly path: string }

/** What the user sets for a transfer. Everything else comes from the source. */
export interface TransferOverrides extends RecordOverrides {
  /** The declared disk format of the source. The bytes are inspected anyway. */
  readonly sourceFormat?: string | undefined
  readonly compression?: Compression | 'none' | undefined
  /** Whether the source is an archive that contains the disk. Default: detected from its bytes or its name. */
  readonly archive?: 'tar' | 'none' | undefined
  /** The file in the archive that is the disk. */
  readonly member?: string | undefined
  /** Digests that the publisher of the source states, compared before anything is stored at the target. */
  readonly sourceDigests?: readonly ExpectedDigest[] | undefined
  /** The disk format of the new image. */
  readonly diskFormat?: string | undefined
  /** The store of the target for the data. */
  readonly store?: string | undefined
}

/** Bytes per second, for estimates. */
export interface TransferRates {
  readonly download: number
  readonly upload: number
  /** Hashing, decompression and conversion on this machine. */
  readonly local: number
}
