import type { Drift, RejectedRecord } from '../reader/drift.ts'
import type { Image } from '../image/image.ts'

/** The start of a page. Opaque: valid only for the source that returned it, with the same query and options. */
export type Cursor = string

/** One page of a listing. */
export interface Page {
  /** In the provider's order. */
  readonly items: readonly Image[]
  /** Records that could not be read. The rest of the page is returned regardless. */
  readonly rejected: readonly RejectedRecord[]
  /** Unexpected values in the records. */
  readonly drift: readonly Drift[]
  /** The start of the next page; `null`: this is the last page. */
  readonly next: Cursor | null
  /** The starts of all following pages that are already known, in order, starting with `next`. They can be requested in parallel. */
  readonly ahead?: readonly Cursor[]
}
