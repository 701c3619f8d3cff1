import * as E from 'fp-ts/lib/Either.js'
import type { Drift, Rejected } from './drift.ts'
import type { Image } from './image.ts'
import { compareImages, type Sort } from './order.ts'
import { pages, type PagesOptions } from './pages.ts'
import type { Query } from './query.ts'
import type { Answer, ImageSource } from './source.ts'

/** All pages of a listing in one. */
export interface Listing {
  readonly items: readonly Image[]
  readonly rejected: readonly Rejected[]
  readonly drift: readonly Drift[]
}

export interface ListAllOptions extends PagesOptions {
  /** Absent: the provider's order. With a `limit`: the first of the sorted images, for which all must be listed. */
  readonly sort?: readonly Sort[] | undefined
}

/**
 * The whole listing, or its first error.
 * - Promises of `pages`.
 * - `rejected` and `drift` are of every page that was read, also of records that the query leaves out.
 */
export const listAll =
  (source: ImageSource, query: Query = {}, { sort, limit, ...options }: ListAllOptions = {}): Answer<Listing> =>
  async () => {
    const items: Image[] = []
    const rejected: Rejected[] = []
    const drift: Drift[] = []
    for await (const answer of pages(source, query, { ...options, limit: sort === undefined ? limit : undefined })) {
      if (E.isLeft(answer)) return answer
      for (const image of answer.right.items) items.push(image)
      for (const one of answer.right.rejected) rejected.push(one)
      for (const one of answer.right.drift) drift.push(one)
    }
    return E.right({ items: sort === undefined ? items : items.sort(compareImages(sort)).slice(0, limit), rejected, drift })
  }
