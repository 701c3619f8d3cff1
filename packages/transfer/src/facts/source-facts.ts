import type { InspectedFormat } from '@imago/inspect'
import type { MemberDigest } from '../archive/extract.ts'
import type { Ovf } from '../archive/ovf.ts'
import type { CompressionKind } from '../decompress/kind.ts'

/** What an archive around the disk says. */
export interface ArchiveFacts {
  /** Of the file that is the disk; `null`: see `problem`, or not known before all of the archive was read. */
  readonly member: string | null
  /** Of that file, by the archive's manifest; `null`: not known. */
  readonly digest: MemberDigest | null
  /** What the OVF says of the machine; `null`: there is none, or it was not read. */
  readonly machine: Omit<Ovf, 'disks'> | null
  /** Of the disk, by the OVF, in bytes; `null`: not said. */
  readonly capacity: number | null
  /** Why it cannot be said which file is the disk, in words; `null`: it can. */
  readonly problem: string | null
  /** What to do about it where that is not to name the file; absent: it is. */
  readonly advice?: string | undefined
}

/** What a look at the first bytes of a source tells, before it is moved. `null`: not told by what was read. */
export interface SourceFacts {
  readonly compression: CompressionKind | null
  readonly archive: ArchiveFacts | null
  /** Of the disk, unpacked. */
  readonly format: InspectedFormat | null
  /** Of the disk, in bytes. */
  readonly virtualSize: number | null
  /** Absent: it is not, as far as is seen. */
  readonly isEncrypted?: true | undefined
  /** Why the run would refuse it, as far as is seen now, but for what its user allows. */
  readonly refusal: { readonly check: string; readonly what: string; readonly hint: string } | null
}
