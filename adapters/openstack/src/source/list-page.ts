import {
  aborted,
  conflict,
  rejected,
  type ImageResult,
  type Cursor,
  type Drift,
  type Image,
  type ImageError,
  type ListOptions,
  type Page,
  type Query,
  type RejectedRecord,
} from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type * as T from 'fp-ts/lib/Task.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { setImmediate } from 'node:timers/promises'
import type { Records } from '../api/call.ts'
import { LARGEST_PAGE } from '../capabilities.ts'
import { openstackReader } from '../offline.ts'
import { ofCursor, positionAfter, toCursor, type Part, type Position } from '../requests/cursor.ts'
import { imageFilters, imageMatcher } from '../requests/image-query.ts'
import { listImagesRequest, type Filters } from '../requests/images.ts'
import { callOf, siteFor, type SourceContext } from './context.ts'

const OPERATION = 'listPage'

/** So that the first row is there soon; all that follow are as large as can be, for each request costs. */
const FIRST_PAGE = 100

const EMPTY: Page = { items: [], rejected: [], drift: [], next: null }

/** Where a listing begins, and which parts it goes through. */
const partsOf = ({ hidden = 'exclude' }: Query): readonly [Part, ...Part[]] => {
  switch (hidden) {
    case 'exclude':
      return ['visible']
    case 'only':
      return ['hidden']
    case 'include':
      return ['visible', 'hidden']
  }
}

const limitOf = (cursor: Cursor | null, pageSize: number | undefined): number =>
  Math.max(1, Math.min(pageSize ?? (cursor === null ? FIRST_PAGE : LARGEST_PAGE), LARGEST_PAGE))

const idOf = (record: unknown): string | null => {
  const id = (record as { readonly id?: unknown } | null)?.id
  return typeof id === 'string' ? id : null
}

/** Glance refuses a marker that is gone with a 400 that names it. glance: glance/db/sqlalchemy/api.py, image_get_all; glance/api/v2/images.py, index. */
const isGone = (error: ImageError, marker: string): boolean =>
  error._tag === 'Rejected' && error.request?.status === 400 && error.what.includes(marker)

/** The records after the first of these images that is still there. */
const recordsAfter = (
  context: SourceContext,
  filters: Filters,
  limit: number,
  [marker, ...spare]: readonly string[],
  options: ListOptions,
): ImageResult<Records> =>
  pipe(
    context.caller.records(
      'images',
      listImagesRequest({ filters, limit, marker: marker ?? null }),
      callOf(OPERATION, options),
    ),
    TE.orElse((error) => {
      if (marker === undefined || !isGone(error, marker)) return TE.left(error)
      if (spare.length > 0) return recordsAfter(context, filters, limit, spare, options)
      return TE.left(
        conflict(siteFor(context, OPERATION), {
          what: 'the images at which the list was to go on have all been deleted',
          hint: 'List again',
        }),
      )
    }),
  )

/** What records say. Those of `known` were on the page before. */
const readPage = (
  context: SourceContext,
  records: readonly unknown[],
  fits: (image: Image) => boolean,
  known: readonly string[],
): Omit<Page, 'next'> => {
  const { cloud, region } = context.cloud
  const items: Image[] = []
  const unread: RejectedRecord[] = []
  const drifts: Drift[] = []
  for (const [index, record] of records.entries()) {
    const read = openstackReader.read(record, { cloud, region, pointer: `/images/${index}` })
    if (E.isLeft(read)) {
      unread.push(read.left)
      continue
    }
    const { image, drift } = read.right
    if (known.includes(image.ref.id) || !fits(image)) continue
    items.push(image)
    drifts.push(...drift)
  }
  return { items, rejected: unread, drift: drifts }
}

const nextOf = ({ part }: Position, { records, marker }: Records, parts: readonly Part[]): Cursor | null => {
  if (marker !== null)
    return toCursor(
      positionAfter(
        part,
        marker,
        records.flatMap((record) => idOf(record) ?? []),
      ),
    )
  const following = parts[parts.indexOf(part) + 1]
  return following === undefined ? null : toCursor({ part: following, after: [] })
}

/** Tells where the next page begins, and lets the request for it go out: reading a page of a thousand records keeps all else waiting. */
const tellNext =
  (next: Cursor | null, { onNext }: ListOptions): T.Task<void> =>
  async () => {
    if (next === null || onNext === undefined) return
    onNext(next)
    await setImmediate()
  }

/**
 * A page of images. Glance keeps hidden images apart: to include them, their list follows that of the others.
 * An image that is deleted while one lists, does not end the list.
 */
export const listPage =
  (context: SourceContext) =>
  (query: Query, cursor: Cursor | null, options: ListOptions = {}): ImageResult<Page> => {
    const site = siteFor(context, OPERATION)
    if (options.signal?.aborted === true) return TE.left(aborted(site))
    const parts = partsOf(query)
    const position: Position | null = cursor === null ? { part: parts[0], after: [] } : ofCursor(cursor)
    if (position === null || !parts.includes(position.part))
      return TE.left(rejected(site, { what: 'this is no cursor of this listing', hint: 'Begin the listing anew' }))
    const filters = imageFilters(query)
    if (filters === null) return TE.right(EMPTY)
    const all: Filters = position.part === 'hidden' ? [...filters, ['os_hidden', 'true']] : filters
    return pipe(
      recordsAfter(context, all, limitOf(cursor, options.pageSize), position.after, options),
      TE.bindTo('page'),
      TE.let('next', ({ page }) => nextOf(position, page, parts)),
      TE.tap(({ next }) => TE.fromTask(tellNext(next, options))),
      TE.map(({ page, next }) => ({ ...readPage(context, page.records, imageMatcher(query), position.after), next })),
    )
  }
