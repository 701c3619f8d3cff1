import type { CloudIdentity, Digest, ImageRef, NewImage, ParameterChange, VerificationLevel } from '@imago/core'
import type { FieldDisposition } from '../metadata/disposition.ts'
import type { FinalSettings } from '../metadata/final-settings.ts'
import type { ExpectedDigest } from '../digests/expected-digest.ts'

/** The URN of the plan schema. */
export const PLAN_SCHEMA = 'urn:imago:schema:plan:3'

/** Schemas of earlier versions, whose plans are refused. */
export const EARLIER_PLAN_SCHEMAS: ReadonlySet<unknown> = new Set([
  'urn:imago:schema:plan:1',
  'urn:imago:schema:plan:2',
])

/** The source, and its state when the plan was created. `applyPlan` refuses a source that has changed. */
export type PlanSource = PlannedBytes & {
  /** Digests that the publisher states, compared before anything is stored at the target. Absent: none were given. */
  readonly expected?: readonly ExpectedDigest[] | undefined
}

/** The bytes that a plan reads. */
export type PlannedBytes =
  | {
      readonly kind: 'image'
      readonly ref: ImageRef
      readonly name: string | null
      readonly updatedAt: string | null
      /** Stored bytes; `null`: unknown. */
      readonly size: number | null
      /** Digests of the stored bytes. */
      readonly digests: readonly Digest[]
      /** Whether the download has the stored size and digests. Not at a provider that returns raw disks. */
      readonly exact: boolean
    }
  | { readonly kind: 'file'; readonly path: string; readonly size: number | null; readonly modifiedAt: string | null }
  | {
      readonly kind: 'url'
      /** Without user, password and query, which may be secret. */
      readonly url: string
      readonly size: number | null
      readonly etag: string | null
      /**
       * A fingerprint of the query, if there is no ETag: URLs that differ only in the query may return different images. It does not reveal the
       * query.
       */
      readonly query?: string | undefined
    }

/** The target. */
export type PlanTarget =
  | {
      readonly kind: 'cloud'
      readonly cloud: CloudIdentity
      readonly by: 'upload' | 'createFromBytes'
      readonly store: string | null
    }
  | { readonly kind: 'file'; readonly path: string }

/** The names of preflight checks. */
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

/** A preflight check that blocks the transfer, or only warns. */
export interface PreflightCheck {
  readonly check: PreflightCheckName
  readonly effect: 'blocks' | 'warns'
  readonly what: string
  /** What to do about it. */
  readonly hint: string
  /** Parameters of `TransferOverrides` or `RunOptions`: changing one of them helps. */
  readonly changes?: readonly ParameterChange[] | undefined
}

/** The steps of a run. */
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

/** A step of the run. */
export interface Step {
  readonly step: StepName
  readonly what: string
  /** Bytes to transfer or read; `null`: unknown. */
  readonly bytes: number | null
  /** Duration at the given rates; `null`: unknown. */
  readonly seconds: number | null
  /** What happens to this step when the run is interrupted and resumed. */
  readonly ifInterrupted: string
}

/** An amount of money, as the provider writes it. */
export type Money = { readonly amount: string; readonly currency: string }

/** What a transfer needs and costs, as far as it is known. */
export interface PlanEstimate {
  /** Bytes over the network, both ways; `null`: unknown. */
  readonly bytes: number | null
  readonly seconds: number | null
  /** The most bytes that the spool needs. */
  readonly spoolBytes: number | null
  /** Resources that providers create for the transfer, in words. */
  readonly resources: readonly string[]
  /** Charges of each provider: once, and each month. */
  readonly once: readonly Money[]
  readonly monthly: readonly Money[]
}

/** The compressions of a source that a run can decompress. */
export type Compression = 'gzip' | 'xz' | 'zstd' | 'bzip2'

/** The machine that an OVF describes. `null`: not stated. */
export interface PlanMachine {
  readonly name: string | null
  /** The type in the OVF, such as `ubuntu64Guest`. */
  readonly osType: string | null
  /** A value of CIM_OperatingSystem.OsType. */
  readonly osId: number | null
  readonly firmware: 'bios' | 'uefi' | null
  readonly secureBoot: boolean | null
  readonly cpus: number | null
  /** In bytes. */
  readonly memory: number | null
}

/** The archive that the disk is extracted from. */
export interface PlanArchive {
  readonly kind: 'tar'
  /** The file that is the disk; `null`: the only disk, which the run finds. */
  readonly member: string | null
  /** Whether it was requested by name. Otherwise it must be the only disk in the archive. */
  readonly isNamed: boolean
  /** Digest of that file in the archive's manifest; `null`: none, or not read yet. */
  readonly digest: { readonly algorithm: string; readonly value: string } | null
  /** From the OVF in the archive; `null`: none, or not read. */
  readonly machine: PlanMachine | null
}

/** What happens to the bytes between source and target. */
export interface PlanFormat {
  /** The declared or detected disk format of the source, after decompression. The run inspects the bytes anyway. `null`: unknown. */
  readonly from: string | null
  readonly to: string | null
  /** Compression of the source, around its archive if it has one. */
  readonly compression: Compression | null
  /** Absent: the source is not an archive, or stays one. */
  readonly archive?: PlanArchive | undefined
  /** Whether `qemu-img` converts `from` to `to`. */
  readonly convert: boolean
  /** Size of the disk, in bytes; `null`: unknown until the bytes are inspected. */
  readonly virtualSize: number | null
  /** Glance's container format (`ova`, `docker`, `compressed`); absent: the bytes are the disk. */
  readonly container?: string | undefined
}

/**
 * How one image is transferred. Plain JSON of the schema `urn:imago:schema:plan:3`, without secrets. The same image, target and overrides produce the same ID.
 */
export interface Plan {
  readonly $schema: typeof PLAN_SCHEMA
  /**
   * The ID of the run: a UUID computed from source, target, format, request, final settings, the names of the blocking checks, and verification.
   * Prices, quotas and messages are not part of it.
   */
  readonly id: string
  /** `sha256:` and the digest of everything else in the plan, to detect changes. It is not a signature: anyone can recompute it. */
  readonly checksum: string
  readonly source: PlanSource
  readonly target: PlanTarget
  readonly format: PlanFormat
  /** The image to create, without the final settings; `null`: the target is a file. */
  readonly request: NewImage | null
  readonly finalSettings: FinalSettings
  readonly fields: readonly FieldDisposition[]
  readonly checks: readonly PreflightCheck[]
  readonly steps: readonly Step[]
  readonly estimate: PlanEstimate
  /** The best verification level possible without downloading the new image. */
  readonly verification: VerificationLevel
}
