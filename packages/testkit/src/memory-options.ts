import type {
  CapabilityName,
  CloudIdentity,
  FilterName,
  Image,
  ImageChanges,
  OrphanedResource,
  MetadataRules,
  Prices,
  UploadLimits,
  UsageEdge,
} from '@imago/core/provider'
import type { PageFault } from './memory-fault.ts'
import type { MemoryFaults } from './memory-faults.ts'

/** A use of an image of a cloud in memory. */
export interface MemoryUser extends Pick<UsageEdge, 'by' | 'dependsOn'> {
  /** The image's ID. */
  readonly image: string
}

/** What a cloud in memory holds, and how it behaves. */
export interface MemoryCloudOptions {
  /** Default: provider `memory`, cloud `test`, no region. */
  readonly cloud?: CloudIdentity | undefined
  /** What the cloud holds at first, in the order of its lists. They become images of this cloud. */
  readonly images?: readonly Image[] | undefined
  /** The data of those images, by id. The others have none. */
  readonly bytes?: Readonly<Record<string, Uint8Array>> | undefined
  /** The disks of its servers, by the server's id. Default: it has no servers. */
  readonly servers?: Readonly<Record<string, Uint8Array>> | undefined
  /** What it can fetch, by URL. An import from any other URL fails. Default: nothing. */
  readonly urls?: Readonly<Record<string, Uint8Array>> | undefined
  /** Its stores, the default one first. Default: its images name no stores, and copying to any is `Rejected`. */
  readonly stores?: readonly string[] | undefined
  /** Default: 50. */
  readonly pageSize?: number | undefined
  /** Whether a page tells where all the others begin. Default: no. */
  readonly ahead?: boolean | undefined
  /** What it filters itself. Default: nothing. */
  readonly filters?: readonly FilterName[] | undefined
  /** What `update` can change. Default: everything. */
  readonly changes?: readonly (keyof ImageChanges)[] | undefined
  /** Whether it keeps disks, as some providers do: makes images of bytes at once (`createFromBytes`), tells no digests, and has no records without data. Default: no. */
  readonly disks?: boolean | undefined
  /** What it declares of metadata. Default: nothing. */
  readonly metadata?: MetadataRules | undefined
  /** What it tells of new images (`uploadLimits`). It refuses nothing by that. Default: its stores, if it has any. */
  readonly limits?: Partial<UploadLimits> | undefined
  /** What uses its images (`usage`), beside what its images state as their origins. `image` is the ID of one. Default: nothing. */
  readonly users?: readonly MemoryUser[] | undefined
  /** What it charges (`prices`). Default: 0.01 EUR net for a GB of 1,000,000,000 bytes and a month, whatever the kind. */
  readonly prices?: Prices | undefined
  /** Methods to leave out. */
  readonly without?: readonly CapabilityName[] | undefined
  /** Default: `memory-1`, `memory-2` … */
  readonly newId?: (() => string) | undefined
  /** The instant of a write, in canonical spelling. Default: always the same. */
  readonly now?: (() => string) | undefined
  /** Milliseconds, by which work goes on. Default: `Date.now`. */
  readonly clock?: (() => number) | undefined
  /** How long each piece of work takes. Default: 0, so that it is done when it is next looked at. */
  readonly workMs?: number | undefined
  /** Stands between a page and whoever asked for it. */
  readonly fault?: PageFault | undefined
  /** What requests meet on their way: `createMemoryFaults`. */
  readonly faults?: MemoryFaults | undefined
  /** What runs have left in a cloud of disks. Default: nothing. */
  readonly left?: readonly OrphanedResource[] | undefined
}

/** Who asks a cloud in memory. */
export interface MemoryCredentials {
  /** Sees its own images, public and community ones, and those shared with it; changes only its own. Absent: sees everything, and may do everything. */
  readonly project?: string
  /** Whether every change is `Forbidden`. Default: no. */
  readonly readOnly?: boolean
}

/** A cloud in memory that one party asks. */
export interface MemorySourceOptions extends MemoryCloudOptions, MemoryCredentials {}
