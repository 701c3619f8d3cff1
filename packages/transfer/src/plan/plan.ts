import type { CloudIdentity, Digest, ImageRef, NewImage, VerificationLevel } from '@imago/core'
import type { FieldDisposition } from '../metadata/disposition.ts'
import type { FinalSettings } from '../metadata/final-settings.ts'
import type { ExpectedDigest } from '../digests/expected-digest.ts'

/** The URN of the schema of a plan. */
export const PLAN_SCHEMA = 'urn:imago:schema:plan:3'

/** The schema of plans that an earlier imago made: their ids stand for less. */
export const EARLIER_PLAN_SCHEMAS: ReadonlySet<unknown> = new Set([
  'urn:imago:schema:plan:1',
  'urn:imago:schema:plan:2',
])

/** Where bytes come from, and what they were when the plan was made: `applyPlan` refuses when this has changed. */
export type PlanSource = PlannedBytes & {
  /** What its publisher says that its bytes are: compared before the target keeps any of them. Absent: nobody gave any. */
  readonly expected?: readonly ExpectedDigest[] | undefined
}

type PlannedBytes =
  | {
      readonly kind: 'image'
      readonly ref: ImageRef
      readonly name: string | null
      readonly updatedAt: string | null
      /** Bytes as the provider keeps them; `null`: it does not say. */
      readonly size: number | null
      /** Of the bytes as stored. */
      readonly digests: readonly Digest[]
      /** Whether its bytes can be told by size and digest. A provider that gives a disk, and keeps something else, cannot. */
      readonly exact: boolean
    }
  | { readonly kind: 'file'; readonly path: string; readonly size: number | null; readonly modifiedAt: string | null }
  | {
      readonly kind: 'url'
      /** Without what may be secret: what stood in it as user, password and query is not in a plan. */
      readonly url: string
      readonly size: number | null
      readonly etag: string | null
      /**
       * Where there is no ETag: a fingerprint of the query, that tells it from others and does not give it back. Two URLs that differ in it alone may lead to
       * two images.
       */
      readonly query?: string | undefined
    }

/** Where bytes go. */
export type PlanTarget =
  | {
      readonly kind: 'cloud'
      readonly cloud: CloudIdentity
      readonly by: 'upload' | 'createFromBytes'
      readonly store: string | null
    }
  | { readonly kind: 'file'; readonly path: string }

/** The names of checks. */
export type PreflightCheckName =
  | 'source-status'
  | 'source-deprecated'
  | 'source-download'
  | 'target-takes-bytes'
  | 'disk-format'
  | 'container-format'
  | 'architecture'
  | 'size-limit'
  | 'virtual-size'
  | 'conversion'
  | 'encryption'
  | 'source-content'
  | 'source-digest'
  | 'verification'
  | 'quota'
  | 'spool'
  | 'estimate'
  | 'archive'
  | 'source-estimate'
  | 'metadata'
  | 'store'

/** Something that stands in the way of the move (`blocks`), or that one should know before (`warns`). */
export interface PreflightCheck {
  readonly check: PreflightCheckName
  readonly effect: 'blocks' | 'warns'
  readonly what: string
  /** What to do about it. */
  readonly hint: string
}

export type StepName =
  | 'download'
  | 'inspect'
  | 'decompress'
  | 'extract'
  | 'convert'
  | 'create'
  | 'upload'
  | 'verify'
  | 'finish'
  | 'store'

/** One step of a move, in the order of the plan. */
export interface Step {
  readonly step: StepName
  readonly what: string
  /** To be moved or read; `null`: not known. */
  readonly bytes: number | null
  /** At the given rates; `null`: not known. */
  readonly seconds: number | null
  /** What a crash during this step costs. */
  readonly ifInterrupted: string
}

/** A sum of money, as the provider writes it. */
export type Money = { readonly amount: string; readonly currency: string }

export interface PlanEstimate {
  /** Over the network, both ways; `null`: not known. */
  readonly bytes: number | null
  readonly seconds: number | null
  /** What the spool needs at most. */
  readonly spoolBytes: number | null
  /** What providers make for the move, in words. */
  readonly resources: readonly string[]
  /** What each provider asks, once and every month. */
  readonly once: readonly Money[]
  readonly monthly: readonly Money[]
}

export type Compression = 'gzip' | 'xz' | 'zstd' | 'bzip2'

/** What an OVF requires of the machine that boots its disk. `null`: it does not say. */
export interface PlanMachine {
  readonly name: string | null
  /** In the OVF's own words: `ubuntu64Guest`. */
  readonly osType: string | null
  /** A number of CIM_OperatingSystem.OsType. */
  readonly osId: number | null
  readonly firmware: 'bios' | 'uefi' | null
  readonly secureBoot: boolean | null
  readonly cpus: number | null
  /** In bytes. */
  readonly memory: number | null
}

/** The archive that the disk is taken from. */
export interface PlanArchive {
  readonly kind: 'tar'
  /** The file in it; `null`: the only disk in it, found by the run. */
  readonly member: string | null
  /** Whether it was asked for by name: else it must be the only disk in the archive. */
  readonly isNamed: boolean
  /** Of that file, by the archive's manifest; `null`: not known yet, or there is none. */
  readonly digest: { readonly algorithm: string; readonly value: string } | null
  /** By the OVF in it; `null`: there is none, or it was not read. */
  readonly machine: PlanMachine | null
}

/** What happens to the bytes between source and target. */
export interface PlanFormat {
  /** The disk format that the source's bytes are said to have, once decompressed. They are inspected all the same. `null`: not known. */
  readonly from: string | null
  readonly to: string | null
  /** Of the source, around the archive if it is one. */
  readonly compression: Compression | null
  /** Absent: the source is not an archive, or is kept as one. */
  readonly archive?: PlanArchive | undefined
  /** Whether `qemu-img` must make `to` of `from`. */
  readonly convert: boolean
  /** Of the disk, in bytes; `null`: known only once the bytes were inspected. */
  readonly virtualSize: number | null
  /** What the bytes are kept in, in Glance's words (`ova`, `docker`, `compressed`); absent: nothing, they are the disk. */
  readonly container?: string | undefined
}

/**
 * How one image moves. Plain JSON, of the schema `urn:imago:schema:plan:3`; no secrets in it. The same image, target and wishes give the same id.
 */
export interface Plan {
  readonly $schema: typeof PLAN_SCHEMA
  /**
   * A UUID made of what decides what is moved where, and as what: source, target, format, request, finish, the names of the checks that block, and verification.
   * It names the run. What varies while these stay is not in it: prices, quotas, and words.
   */
  readonly id: string
  /** `sha256:` and the digest of everything else in the plan, so that no part of it is changed unnoticed. It is not a signature: whoever changes a plan can compute it anew. */
  readonly checksum: string
  readonly source: PlanSource
  readonly target: PlanTarget
  readonly format: PlanFormat
  /** The record to be made, without what is set at the end; `null` where the target is a file. */
  readonly request: NewImage | null
  readonly finalSettings: FinalSettings
  readonly fields: readonly FieldDisposition[]
  readonly checks: readonly PreflightCheck[]
  readonly steps: readonly Step[]
  readonly estimate: PlanEstimate
  /** How surely the target's bytes can be known to be right at best, without reading them back over the network. */
  readonly verification: VerificationLevel
}
