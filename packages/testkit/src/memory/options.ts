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
import type { PageFault } from './fault.ts'
import type { MemoryFaults } from './faults.ts'

/** A use of an image of a cloud in memory. */
export interface MemoryUser extends Pick<UsageEdge, 'by' | 'dependsOn'> {
  /** The image's ID. */
  readonly image: string
}

/** The initial content of a cloud in memory, and its behaviour. */
export interface MemoryCloudOptions {
  /** Default: provider `memory`, cloud `test`, no region. */
  readonly cloud?: CloudIdentity | undefined
  /** The initial images, in the order of the cloud's lists. They become images of this cloud. */
  readonly images?: readonly Image[] | undefined
  /** The data of those images, by ID. Other images have no data. */
  readonly bytes?: Readonly<Record<string, Uint8Array>> | undefined
  /** The disks of the cloud's servers, by server ID. Default: no servers. */
  readonly servers?: Readonly<Record<string, Uint8Array>> | undefined
  /** The content of URLs that the cloud can fetch. An import from any other URL fails. Default: none. */
  readonly urls?: Readonly<Record<string, Uint8Array>> | undefined
  /** The cloud's stores, the default one first. Default: images name no stores, and copying to a store is `Rejected`. */
  readonly stores?: readonly string[] | undefined
  /** Default: 50. */
  readonly pageSize?: number | undefined
  /** Whether a page returns the positions of all further pages. Default: no. */
  readonly ahead?: boolean | undefined
  /** The filters that the cloud applies itself. Default: none. */
  readonly filters?: readonly FilterName[] | undefined
  /** The fields that `update` can change. Default: all. */
  readonly changes?: readonly (keyof ImageChanges)[] | undefined
  /**
   * Whether the cloud behaves like a provider of disks: it creates images directly from bytes (`createFromBytes`), and has no digests and no records
   * without data. Default: no.
   */
  readonly disks?: boolean | undefined
  /** The metadata rules that it declares. Default: none. */
  readonly metadata?: MetadataRules | undefined
  /** The limits of new images (`uploadLimits`), which it does not enforce. Default: its stores, if any. */
  readonly limits?: Partial<UploadLimits> | undefined
  /** The users of its images (`usage`), besides the origins of its images. `image` is an image ID. Default: none. */
  readonly users?: readonly MemoryUser[] | undefined
  /** The prices that it charges (`prices`). Default: 0.01 EUR net per GB (1,000,000,000 bytes) and month, for all kinds. */
  readonly prices?: Prices | undefined
  /** Methods to leave out. */
  readonly without?: readonly CapabilityName[] | undefined
  /** Creates image IDs. Default: `memory-1`, `memory-2` … */
  readonly newId?: (() => string) | undefined
  /** Returns the time of a write, in canonical format. Default: a constant. */
  readonly now?: (() => string) | undefined
  /** Returns milliseconds, for the progress of work. Default: `Date.now`. */
  readonly clock?: (() => number) | undefined
  /** The duration of each operation in milliseconds. Default: 0, so that it has ended at the next request. */
  readonly workMs?: number | undefined
  /** Intercepts each page before it reaches the caller. */
  readonly fault?: PageFault | undefined
  /** Faults that affect requests: `createMemoryFaults`. */
  readonly faults?: MemoryFaults | undefined
  /** Orphaned resources of a cloud of disks. Default: none. */
  readonly left?: readonly OrphanedResource[] | undefined
}

/** The credentials of a caller of a cloud in memory. */
export interface MemoryCredentials {
  /** Sees its own images, public and community ones, and images shared with it; changes only its own. Absent: may see and do everything. */
  readonly project?: string
  /** Whether every change is `Forbidden`. Default: no. */
  readonly readOnly?: boolean
}

/** A cloud in memory with a single caller. */
export interface MemorySourceOptions extends MemoryCloudOptions, MemoryCredentials {}
