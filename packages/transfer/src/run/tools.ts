import type { Abortable, ImageResult, ByteSource, ErrorSite, ImageError } from '@imago/core'
import type { Inspection, Inspector } from '@imago/inspect'
import type { DiskCheckResult } from '../convert/check.ts'
import type { ImageClaims } from '../safety/check-safety.ts'
import type { ExtractionOptions, MemberChoice } from '../archive/extract.ts'
import type { Compression } from '../plan/plan.ts'

/** A file to convert, which has been inspected. */
export interface ConversionRequest extends Abortable {
  readonly from: { readonly path: string; readonly format: string }
  /** Created, or overwritten. */
  readonly to: { readonly path: string; readonly format: string }
  /** Size of the disk, in bytes; `null`: unknown. */
  readonly virtualSize: number | null
  readonly site: ErrorSite
}

/** A file whose tables to check, which has been inspected. */
export interface DiskCheckRequest extends Abortable {
  readonly path: string
  readonly format: string
  readonly site: ErrorSite
}

/** The result of checking the tables of a disk. */
export type DiskChecked = DiskCheckResult

/** The tools of a run. */
export interface RunTools {
  readonly createInspector: () => Inspector
  readonly checkSafety: (
    site: ErrorSite,
    inspection: Inspection,
    declared: string | null,
    claims?: Omit<ImageClaims, 'allow'>,
  ) => ImageError | null
  /** Detects the compression from the first bytes; `null`: none. */
  readonly detectCompression: (head: Uint8Array) => Compression | null
  /** `maxBytes`: bytes of output, beyond which the source is refused as a decompression bomb, with `advice`. */
  readonly decompress: (
    bytes: ByteSource,
    kind: Compression,
    limits: Pick<ExtractionOptions, 'maxBytes' | 'advice'>,
    site: ErrorSite,
  ) => ByteSource
  /** Extracts the disk from an archive. */
  readonly extract: (
    archive: ByteSource,
    choice: MemberChoice,
    options: ExtractionOptions,
    site: ErrorSite,
  ) => ByteSource
  /** Checks that everything exists that the tables of an image refer to, if a tool for its format is available. */
  readonly checkDisk: (request: DiskCheckRequest) => ImageResult<DiskChecked>
  readonly convert: (request: ConversionRequest) => ImageResult<void>
}
