import type { Drift, RejectedRecord } from '../reader/drift.ts'
import type { Image } from '../image/image.ts'

/** The combined pages of a listing. */
export interface Listing {
  readonly items: readonly Image[]
  readonly rejected: readonly RejectedRecord[]
  readonly drift: readonly Drift[]
}
