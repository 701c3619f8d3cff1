import {
  aborted,
  createMatcher,
  rejected,
  pickFilters,
  createErrorSite,
  type Cursor,
  type ImageError,
  type ImageSource,
  type Page,
  type ReadResult,
} from '@imago/core'
import type { HetznerPagination } from '@imago/schema-hetzner'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HetznerPage } from '../api/read.ts'
import { declared, LARGEST_PAGE } from '../capabilities.ts'
import { toListParameters } from '../requests/image-query.ts'
import type { SourceContext } from './context.ts'

/** However many pages an answer says there are: the last of these tells how it goes on. */
const MOST_AHEAD = 100

const EMPTY: Page = { items: [], rejected: [], drift: [], next: null }

/** Cursors are numbers of pages. */
const pageNumber = (cursor: Cursor | null): number | null => {
  if (cursor === null) return 1
  return /^[1-9]\d{0,9}$/.test(cursor) ? Number(cursor) : null
}

/** `null`: the API does not say. `last_page` and `total_entries` may both be null, by the spec. */
const lastPage = ({ last_page, total_entries, per_page }: HetznerPagination, perPage: number): number | null => {
  if (typeof last_page === 'number') return last_page
  return typeof total_entries === 'number' ? Math.ceil(total_entries / (per_page ?? perPage)) : null
}

/** Only `next_page` says whether there is another page. What is known beyond it may be asked for at the same time. */
const following = (pagination: HetznerPagination, perPage: number): Pick<Page, 'next' | 'ahead'> => {
  const next = pagination.next_page ?? null
  if (next === null) return { next: null }
  const count = Math.min(MOST_AHEAD, (lastPage(pagination, perPage) ?? next) - next + 1)
  return count > 1
    ? { next: String(next), ahead: Array.from({ length: count }, (_, index) => String(next + index)) }
    : { next: String(next) }
}

const toPage = (
  { items, rejected: unread, pagination }: HetznerPage<ReadResult>,
  fits: ReturnType<typeof createMatcher>,
  perPage: number,
): Page => ({
  // The API may give more than was asked for: what cannot be said in parameters is sieved here.
  items: items.map(({ image }) => image).filter(fits),
  rejected: unread,
  drift: items.flatMap(({ drift }) => drift),
  ...following(pagination, perPage),
})

/** Pages in the order of their ids, so that an image that comes meanwhile comes last. */
export const listPage =
  ({ session, images }: SourceContext): ImageSource['listPage'] =>
  (query, cursor, { signal, pageSize = LARGEST_PAGE } = {}) => {
    const operation = 'listPage'
    const wanted = pickFilters(query, declared.filters)
    const parameters = toListParameters(wanted)
    const page = pageNumber(cursor)
    const perPage = Math.min(LARGEST_PAGE, Math.max(1, Math.floor(pageSize)))
    if (parameters === null || page === null) {
      const site = createErrorSite(session.cloud, operation)
      return TE.fromIOEither((): E.Either<ImageError, Page> => {
        if (signal?.aborted === true) return E.left(aborted(site))
        return page === null ? E.left(rejected(site, { what: 'this cursor is not of this listing' })) : E.right(EMPTY)
      })
    }
    return pipe(
      images.list({ ...parameters, sort: ['id:asc'], page, per_page: perPage }, { operation, signal }),
      TE.map((found) => toPage(found, createMatcher(wanted), perPage)),
    )
  }
