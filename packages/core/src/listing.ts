import type { Drift, Rejected } from './drift.ts'
import type { Image } from './image/image.ts'

/** All pages of a listing in one. */
export interface Listing {
  readonly items: readonly Image[]
  readonly rejected: readonly Rejected[]
  readonly drift: readonly Drift[]
}
