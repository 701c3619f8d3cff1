import * as E from 'fp-ts/lib/Either.js'
import type { Drift, RejectedRecord } from '../reader/drift.ts'
import type { Image } from '../image/image.ts'
import type { Listing } from '../source/listing.ts'
import { compareImages, type SortOrder } from '../query/sort.ts'
import { pages, type PagesOptions } from './pages.ts'
import type { Query } from '../query/query.ts'
import type { ImageResult, ListingSource } from '../source/source.ts'

export interface ListAllOptions extends PagesOptions {
  /** Default: the provider's order. With a `limit`, all images are listed, and the first of the sorted images are returned. */
  readonly sort?: readonly SortOrder[] | undefined
}

/** Number of images beyond twice the limit after which a sorted list is cut to its limit. */
const SLACK = 1000

/**
 * The whole listing, or its first error.
 * - Behaves like `pages`, but holds all images in memory: use `pages` for lists that are too long.
 * - `rejected` and `drift` cover every page that was read, including records that the query excludes.
 */
export const listAll =
  (source: ListingSource, query: Query = {}, { sort, limit, ...options }: ListAllOptions = {}): ImageResult<Listing> =>
  async () => {
    const compare = sort === undefined ? null : compareImages(sort)
    let items: Image[] = []
    const rejected: RejectedRecord[] = []
    const drift: Drift[] = []
    for await (const page of pages(source, query, { ...options, limit: sort === undefined ? limit : undefined })) {
      if (E.isLeft(page)) return page
      for (const image of page.right.items) items.push(image)
      for (const one of page.right.rejected) rejected.push(one)
      for (const one of page.right.drift) drift.push(one)
      // Holding more than the limit reduces the number of sorts.
      if (compare !== null && limit !== undefined && items.length > 2 * limit + SLACK)
        items = items.sort(compare).slice(0, limit)
    }
    return E.right({ items: compare === null ? items : items.sort(compare).slice(0, limit), rejected, drift })
  }
