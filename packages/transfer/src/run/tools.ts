import type { Abortable, ImageResult, ByteSource, ErrorSite, ImageError } from '@imago/core'
import type { Inspection, Inspector } from '@imago/inspect'
import type { DiskCheckResult } from '../convert/check.ts'
import type { ImageClaims } from '../safety/check-safety.ts'
import type { ExtractionOptions, MemberChoice } from '../archive/extract.ts'
import type { Compression } from '../plan/plan.ts'

/** A file to be converted. It was inspected. */
export interface ConversionRequest extends Abortable {
  readonly from: { readonly path: string; readonly format: string }
  /** Is made, or made anew. */
  readonly to: { readonly path: string; readonly format: string }
  /** Of the disk inside; `null`: not told. */
  readonly virtualSize: number | null
  readonly site: ErrorSite
}

/** A file whose tables are to be followed to their end. It was inspected. */
export interface DiskCheckRequest extends Abortable {
  readonly path: string
  readonly format: string
  readonly site: ErrorSite
}

export type DiskChecked = DiskCheckResult

/** What a run does to bytes. */
export interface RunTools {
  readonly createInspector: () => Inspector
  readonly checkSafety: (
    site: ErrorSite,
    inspection: Inspection,
    declared: string | null,
    claims?: Omit<ImageClaims, 'allow'>,
  ) => ImageError | null
  /** What the first bytes say; `null`: not compressed. */
  readonly detectCompression: (head: Uint8Array) => Compression | null
  /** `most`: bytes, after which it is taken for a bomb. */
  readonly decompress: (
    bytes: ByteSource,
    kind: Compression,
    limits: { readonly most: number | null },
    site: ErrorSite,
  ) => ByteSource
  /** The bytes of the disk in an archive. */
  readonly extract: (
    archive: ByteSource,
    choice: MemberChoice,
    options: ExtractionOptions,
    site: ErrorSite,
  ) => ByteSource
  /** Whether all is there that an image's tables lead to, as far as somebody here can tell. */
  readonly checkDisk: (request: DiskCheckRequest) => ImageResult<DiskChecked>
  readonly convert: (request: ConversionRequest) => ImageResult<void>
}
