import type { ImageRef, VerificationLevel } from '@imago/core'
import type { SourceCheck } from './source-check.ts'

/** The result of a successful transfer. */
export interface TransferOutcome {
  /** The ID of the run, which is that of its plan. */
  readonly run: string
  /** The new image, or the file. */
  readonly created:
    | { readonly kind: 'image'; readonly ref: ImageRef }
    | { readonly kind: 'file'; readonly path: string }
  /** Bytes stored at the target. */
  readonly size: number
  /** Digests of the bytes that were sent, by algorithm, in lower-case hex. */
  readonly digests: Readonly<Record<string, string>>
  /** What the bytes of the source were compared with. */
  readonly source: SourceCheck
  /** How it was verified that the target has the bytes that were sent. */
  readonly verified: VerificationLevel
  /** Whether an earlier run of the plan created it. */
  readonly adopted: boolean
  /** What failed after the image was complete and verified, such as a setting, in words. */
  readonly warnings: readonly string[]
}
