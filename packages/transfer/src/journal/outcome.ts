import type { ImageRef, VerificationLevel } from '@imago/core'
import type { SourceCheck } from './source-check.ts'

/** What a move has come to. */
export interface TransferOutcome {
  /** The id of its plan: one run for each plan. */
  readonly run: string
  /** The new image, or the file. */
  readonly created:
    | { readonly kind: 'image'; readonly ref: ImageRef }
    | { readonly kind: 'file'; readonly path: string }
  /** What the target holds. */
  readonly size: number
  /** Of what was sent, by algorithm, in lower-case hex. */
  readonly digests: Readonly<Record<string, string>>
  /** What the source's bytes were compared with. */
  readonly source: SourceCheck
  /** How surely the target holds what was sent. */
  readonly verified: VerificationLevel
  /** Whether an earlier run of the plan had made it already. */
  readonly adopted: boolean
  /** What went wrong after the image was whole and verified, in words: a field that could not be set. */
  readonly warnings: readonly string[]
}
