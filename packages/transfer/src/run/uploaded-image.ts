import type { Image, VerificationLevel } from '@imago/core'

/** The new image, before it is verified. */
export interface UploadedImage {
  readonly image: Image
  /** The level that the provider itself verified; `null`: none. */
  readonly verified: VerificationLevel | null
  /** An earlier run created it. */
  readonly adopted: boolean
}
