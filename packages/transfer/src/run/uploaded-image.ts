import type { Image, VerificationLevel } from '@imago/core'

/** What the target holds, before it is verified. */
export interface UploadedImage {
  readonly image: Image
  /** As far as the target itself has compared; `null`: it has not. */
  readonly verified: VerificationLevel | null
  /** An earlier run had made it. */
  readonly adopted: boolean
}
