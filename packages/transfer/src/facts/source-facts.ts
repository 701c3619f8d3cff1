import type { ParameterChange } from '@imago/core'
import type { InspectedFormat } from '@imago/inspect'
import type { MemberDigest } from '../archive/extract.ts'
import type { Ovf } from '../archive/ovf.ts'
import type { CompressionKind } from '../decompress/kind.ts'

/** Facts of the archive that contains the disk. */
export interface ArchiveFacts {
  /** Name of the file that is the disk; `null`: see `problem`, or unknown until the whole archive has been read. */
  readonly member: string | null
  /** Digest of that file in the archive's manifest; `null`: unknown. */
  readonly digest: MemberDigest | null
  /** The machine that the OVF describes; `null`: no OVF was read. */
  readonly machine: Omit<Ovf, 'disks'> | null
  /** Capacity of the disk in the OVF, in bytes; `null`: unknown. */
  readonly capacity: number | null
  /** Why the disk cannot be determined; `null`: it can. */
  readonly problem: string | null
  /** What to do about it; absent: name the file. */
  readonly advice?: string | undefined
}

/** Facts found by inspecting the first bytes of a source. `null`: not found in what was read. */
export interface SourceFacts {
  readonly compression: CompressionKind | null
  readonly archive: ArchiveFacts | null
  /** Format of the unpacked disk. */
  readonly format: InspectedFormat | null
  /** Size of the disk, in bytes. */
  readonly virtualSize: number | null
  /** Absent: no encryption was found. */
  readonly isEncrypted?: true | undefined
  /** Why a run would refuse the source, apart from the allowed checks. */
  readonly refusal: {
    readonly check: string
    readonly what: string
    readonly hint: string
    readonly changes?: readonly ParameterChange[] | undefined
  } | null
}
