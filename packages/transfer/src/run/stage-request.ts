import type { ImageResult, ByteSource, Digest, ErrorSite, ImageError } from '@imago/core'
import type { GrowingFile } from '../bytes/growing-file.ts'
import type { ExpectedDigest } from '../digests/expected-digest.ts'
import type { Ready, SpoolItem } from '../journal/entry.ts'
import type { StepName } from '../plan/plan.ts'
import { selectComparable, type Measured } from './meter.ts'

/** Bytes to stage in the spool. */
export interface StageRequest {
  readonly step: StepName
  readonly item: SpoolItem
  readonly bytes: () => ImageResult<ByteSource>
  /** Expected bytes; `null`: unknown. */
  readonly size: number | null
  /** Digests that the source declares. */
  readonly digests: readonly Digest[]
  /** Digests that the publisher states. */
  readonly expected?: readonly ExpectedDigest[] | undefined
  /** Whether a staged part can be continued. Otherwise each attempt starts again. */
  readonly resumable: boolean
  /** Why all bytes together are not valid; `null`: they are. */
  readonly check: (measured: Measured, path: string) => Promise<ImageError | null>
  readonly site: ErrorSite
  /** Sends the bytes while they are staged. */
  readonly sender?: StagedSender | undefined
}

/** Sends bytes while they are staged. */
export interface StagedSender {
  /** Where they are read from. */
  readonly growing: GrowingFile
  /** Called when all bytes are valid. Returns whether all were sent, so that the spool does not have to keep them. */
  readonly isSent: (ready: Ready) => Promise<boolean>
}

/** Whether all bytes together can be verified. */
export const hasDigest = ({ digests, expected = [] }: StageRequest): boolean =>
  selectComparable(digests).length > 0 || expected.length > 0
