import type { Drift, RejectedRecord } from '../reader/drift.ts'
import type { Image } from '../image/image.ts'

/** Where a page begins. Opaque: only the source that made it can read it, and only in a listing of the same query and options. */
export type Cursor = string

/** One page of a listing. */
export interface Page {
  /** In the provider's order. */
  readonly items: readonly Image[]
  /** The records that could not be read. They never cost the page. */
  readonly rejected: readonly RejectedRecord[]
  /** What the records said that imago did not expect. */
  readonly drift: readonly Drift[]
  /** Where the next page begins; `null`: this is the last one. */
  readonly next: Cursor | null
  /** Where all the following pages that are known already begin, in order: `next` first. They may be asked for at the same time. */
  readonly ahead?: readonly Cursor[]
}
