import type { Abortable, ErrorSite } from '@imago/core'
import type { CompressionKind } from '../decompress/kind.ts'
import type { AllowableCheck } from '../safety/check-safety.ts'

/** Limits of the inspection, and known facts about the source. */
export interface InspectSourceOptions extends Abortable {
  readonly site: ErrorSite
  /** Whether ranges can be read without the bytes before them. */
  readonly isSeekable: boolean
  /** The maximum number of bytes to read, after decompression. */
  readonly maxBytes: number
  /** The file of the archive that is the disk. */
  readonly member?: string | undefined
  /** `none`: an archive is not opened. */
  readonly archive?: 'tar' | 'none' | undefined
  /** `none`: it is not decompressed. */
  readonly compression?: CompressionKind | 'none' | undefined
  /** The declared format of the disk. */
  readonly sourceFormat?: string | undefined
  /** Checks that may fail. Default: none. */
  readonly allow?: readonly AllowableCheck[] | undefined
}
