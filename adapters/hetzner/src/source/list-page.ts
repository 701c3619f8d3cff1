import {
  createMatcher,
  rejected,
  pickFilters,
  createErrorSite,
  type Cursor,
  type ImageSource,
  type Page,
} from '@imago/core/provider'
import { unlessAborted } from '@imago/provider-kit'
import { toImagePage } from '@imago/provider-kit/live'
import type { HetznerPagination } from '@imago/schema-hetzner'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { declared, LARGEST_PAGE } from '../capabilities.ts'
import { toListParameters } from '../requests/image-query.ts'
import type { SourceContext } from './context.ts'

/** Page numbers to return ahead of time, at most: `last_page` can be any number. */
const MAX_PAGES_AHEAD = 100

const EMPTY: Page = { items: [], rejected: [], drift: [], next: null }

/** Cursors are page numbers. */
const parseCursor = (cursor: Cursor | null): number | null => {
  if (cursor === null) return 1
  return /^[1-9]\d{0,9}$/.test(cursor) ? Number(cursor) : null
}

/** `null`: unknown. By the spec, `last_page` and `total_entries` may both be null. */
const findLastPage = ({ last_page, total_entries, per_page }: HetznerPagination, perPage: number): number | null => {
  if (typeof last_page === 'number') return last_page
  return typeof total_entries === 'number' ? Math.ceil(total_entries / (per_page ?? perPage)) : null
}

/** `next_page` decides whether another page exists. The pages behind it can be requested at the same time. */
const toNext = (pagination: HetznerPagination, perPage: number): Pick<Page, 'next' | 'ahead'> => {
  const next = pagination.next_page ?? null
  if (next === null) return { next: null }
  const count = Math.min(MAX_PAGES_AHEAD, (findLastPage(pagination, perPage) ?? next) - next + 1)
  return count > 1
    ? { next: String(next), ahead: Array.from({ length: count }, (_, index) => String(next + index)) }
    : { next: String(next) }
}

/** Lists images in the order of their IDs, so that images created meanwhile come last. */
export const listPage =
  ({ session, images }: SourceContext): ImageSource['listPage'] =>
  (query, cursor, { signal, pageSize = LARGEST_PAGE } = {}) => {
    const operation = 'listPage'
    const wanted = pickFilters(query, declared.filters)
    const parameters = toListParameters(wanted)
    const page = parseCursor(cursor)
    const perPage = Math.min(LARGEST_PAGE, Math.max(1, Math.floor(pageSize)))
    const site = createErrorSite(session.cloud, operation)
    if (page === null)
      return unlessAborted(
        site,
        { signal },
        TE.left(rejected(site, { what: 'the cursor does not belong to this listing', hint: 'List again' })),
      )
    if (parameters === null) return unlessAborted(site, { signal }, TE.right(EMPTY))
    return pipe(
      images.list({ ...parameters, sort: ['id:asc'], page, per_page: perPage }, { operation, signal }),
      // The API cannot filter by all of a query: the rest is filtered here.
      TE.map((found) => ({ ...toImagePage(found, createMatcher(wanted)), ...toNext(found.pagination, perPage) })),
    )
  }
