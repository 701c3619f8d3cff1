import * as E from 'fp-ts/lib/Either.js'
import type { Drift, RejectedRecord } from '../reader/drift.ts'
import type { Image } from '../image/image.ts'
import type { Listing } from '../source/listing.ts'
import { compareImages, type Sort } from '../query/order.ts'
import { pages, type PagesOptions } from './pages.ts'
import type { Query } from '../query/query.ts'
import type { ImageResult, ListingSource } from '../source/source.ts'

export interface ListAllOptions extends PagesOptions {
  /** Absent: the provider's order. With a `limit`: the first of the sorted images, for which all must be listed. */
  readonly sort?: readonly Sort[] | undefined
}

/** How many images are held beyond twice the limit of a sorted list, before the last of them are let go. */
const SLACK = 1000

/**
 * The whole listing, or its first error.
 * - Promises of `pages`, but that it holds all that it gives. A list too long for that is read by `pages`.
 * - `rejected` and `drift` are of every page that was read, also of records that the query leaves out.
 */
export const listAll =
  (source: ListingSource, query: Query = {}, { sort, limit, ...options }: ListAllOptions = {}): ImageResult<Listing> =>
  async () => {
    const compare = sort === undefined ? null : compareImages(sort)
    let items: Image[] = []
    const rejected: RejectedRecord[] = []
    const drift: Drift[] = []
    for await (const answer of pages(source, query, { ...options, limit: sort === undefined ? limit : undefined })) {
      if (E.isLeft(answer)) return answer
      for (const image of answer.right.items) items.push(image)
      for (const one of answer.right.rejected) rejected.push(one)
      for (const one of answer.right.drift) drift.push(one)
      // Of a sorted list, more than the limit is held only to sort seldom.
      if (compare !== null && limit !== undefined && items.length > 2 * limit + SLACK)
        items = items.sort(compare).slice(0, limit)
    }
    return E.right({ items: compare === null ? items : items.sort(compare).slice(0, limit), rejected, drift })
  }
