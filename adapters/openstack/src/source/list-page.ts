import {
  conflict,
  rejected,
  type ImageResult,
  type Cursor,
  type Image,
  type ImageError,
  type ListOptions,
  type Page,
  type Query,
} from '@imago/core/provider'
import { unlessAborted } from '@imago/provider-kit'
import { createImageRecordReader, readRecords, toImagePage } from '@imago/provider-kit/live'
import { pipe } from 'fp-ts/lib/function.js'
import type * as T from 'fp-ts/lib/Task.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { setImmediate } from 'node:timers/promises'
import type { Records } from '../api/page.ts'
import { LARGEST_PAGE } from '../capabilities.ts'
import { openstackReader } from '../offline.ts'
import { parseCursor, positionAfter, toCursor, type Part, type Position } from '../requests/cursor.ts'
import { imageFilters, imageMatcher } from '../requests/image-query.ts'
import { listImagesRequest, type Filters } from '../requests/images.ts'
import { toCallOptions, createSite, type SourceContext } from './context.ts'

const OPERATION = 'listPage'

/** Size of the first page: small, so that the first rows appear soon. Later pages are as large as possible, to save requests. */
const FIRST_PAGE = 100

const EMPTY: Page = { items: [], rejected: [], drift: [], next: null }

/** The parts of a listing, in order. */
const toParts = ({ hidden = 'exclude' }: Query): readonly [Part, ...Part[]] => {
  switch (hidden) {
    case 'exclude':
      return ['visible']
    case 'only':
      return ['hidden']
    case 'include':
      return ['visible', 'hidden']
  }
}

const chooseLimit = (cursor: Cursor | null, pageSize: number | undefined): number =>
  Math.max(1, Math.min(pageSize ?? (cursor === null ? FIRST_PAGE : LARGEST_PAGE), LARGEST_PAGE))

const readId = (record: unknown): string | null => {
  const id = (record as { readonly id?: unknown } | null)?.id
  return typeof id === 'string' ? id : null
}

/** Glance returns 400 with the marker in the message if the marker's image was deleted. glance: glance/db/sqlalchemy/api.py, image_get_all; glance/api/v2/images.py, index. */
const isGone = (error: ImageError, marker: string): boolean =>
  error._tag === 'Rejected' && error.request?.status === 400 && error.what.includes(marker)

/** Lists the records after the first of these images that still exists. */
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
      toCallOptions(OPERATION, options),
    ),
    TE.orElse((error) => {
      if (marker === undefined || !isGone(error, marker)) return TE.left(error)
      if (spare.length > 0) return recordsAfter(context, filters, limit, spare, options)
      return TE.left(
        conflict(createSite(context, OPERATION), {
          what: 'the last images of the previous page have all been deleted',
          hint: 'List again',
        }),
      )
    }),
  )

const toNext = ({ part }: Position, { records, marker }: Records, parts: readonly Part[]): Cursor | null => {
  if (marker !== null)
    return toCursor(
      positionAfter(
        part,
        marker,
        records.flatMap((record) => readId(record) ?? []),
      ),
    )
  const following = parts[parts.indexOf(part) + 1]
  return following === undefined ? null : toCursor({ part: following, after: [] })
}

/** Reports the next cursor before the records are decoded, so that its request is sent before a page of a thousand records blocks the event loop. */
const reportNext =
  (next: Cursor | null, { onNext }: ListOptions): T.Task<void> =>
  async () => {
    if (next === null || onNext === undefined) return
    onNext(next)
    await setImmediate()
  }

/**
 * Lists a page of images. Glance lists hidden images separately: their list follows the visible one.
 * Deleting an image during a listing does not abort it.
 */
export const listPage =
  (context: SourceContext) =>
  (query: Query, cursor: Cursor | null, options: ListOptions = {}): ImageResult<Page> => {
    const site = createSite(context, OPERATION)
    const parts = toParts(query)
    const position: Position | null = cursor === null ? { part: parts[0], after: [] } : parseCursor(cursor)
    if (position === null || !parts.includes(position.part))
      return unlessAborted(
        site,
        options,
        TE.left(rejected(site, { what: 'the cursor does not belong to this listing', hint: 'List again' })),
      )
    const filters = imageFilters(query)
    if (filters === null) return unlessAborted(site, options, TE.right(EMPTY))
    const all: Filters = position.part === 'hidden' ? [...filters, ['os_hidden', 'true']] : filters
    const matches = imageMatcher(query)
    /** Records of the previous page may be repeated. */
    const fits = (image: Image): boolean => !position.after.includes(image.ref.id) && matches(image)
    const readImage = createImageRecordReader(openstackReader, context.cloud)
    return pipe(
      recordsAfter(context, all, chooseLimit(cursor, options.pageSize), position.after, options),
      TE.bindTo('page'),
      TE.let('next', ({ page }) => toNext(position, page, parts)),
      TE.tap(({ next }) => TE.fromTask(reportNext(next, options))),
      TE.map(({ page, next }) => ({ ...toImagePage(readRecords(page.records, 'images', readImage), fits), next })),
    )
  }
