import * as E from 'fp-ts/lib/Either.js'
import { ABORTED, linkSignals, raceAbort, type Abortable } from '../source/abort.ts'
import { aborted, decodeFailed, createErrorSite, type ImageError } from '../error/image-error.ts'
import type { Image } from '../image/image.ts'
import type { Cursor, Page } from '../source/page.ts'
import { createMatcher, omitFilters, type Query } from '../query/query.ts'
import { createRecent, type Recent } from './recent.ts'
import type { ListingSource } from '../source/source.ts'

export interface PagesOptions extends Abortable {
  /** Maximum number of matching images to return. */
  readonly limit?: number | undefined
  /** As in `ListOptions`. */
  readonly pageSize?: number | undefined
  /** Maximum number of pages requested or buffered at the same time; at least 1. Only pages in `ahead` are requested in parallel. */
  readonly concurrency?: number | undefined
}

const CONCURRENCY = 4

/** Abort after this many consecutive pages without a new image. A few such pages are normal when images are created or deleted during a listing. */
const MAX_STALE_PAGES = 10

/** Abort after this many consecutive empty pages. A filtering source may return many of them: 10,000 pages are 500,000 images at Hetzner's 50 a page. */
const MAX_EMPTY_PAGES = 10_000

/** Up to this value, the limit is also the page size. Larger pages would delay the first image. */
const SMALL_LIMIT = 100

/** The cursors of the pages after this one. `next` is added if `ahead` does not contain it. */
const following = ({ next, ahead = [] }: Page): readonly Cursor[] =>
  next === null || ahead.includes(next) ? ahead : [next, ...ahead]

/**
 * Number of images that a listing remembers, to skip repeated ones. A list that changes between two pages repeats only nearby images: with page numbers,
 * as many as were added before them; with markers, none.
 */
const IMAGES_REMEMBERED = 65_536

/** This many consecutive images never all appear three times in a finite list. They may appear twice: when all are hidden at once, they are listed again as hidden. */
const IMAGE_SAMPLE = 256

const CURSORS_REMEMBERED = 10_000

/** Selects the matching images that were not returned before, up to the limit. */
interface Sieve {
  readonly pass: (items: readonly Image[]) => readonly Image[]
  readonly isFull: () => boolean
  /** Whether the images show that the list repeats itself without end. */
  readonly isCircle: () => boolean
}

const createSieve = (query: Query, limit: number): Sieve => {
  const isMatch = createMatcher(query)
  const seen = createRecent({ capacity: IMAGES_REMEMBERED, sampleSize: IMAGE_SAMPLE, laps: 2 })
  let returned = 0
  /** Consecutive pages that contain only known images. */
  let stale = 0
  /** Consecutive pages without images. */
  let empty = 0
  const pass = (items: readonly Image[]): readonly Image[] => {
    let isAnyNew = false
    const passed = items.filter((image) => {
      if (!seen.note(image.ref.id)) isAnyNew = true
      if (returned >= limit || seen.isMarked(image.ref.id) || !isMatch(image)) return false
      seen.mark(image.ref.id)
      returned++
      return true
    })
    if (items.length > 0) stale = isAnyNew ? 0 : stale + 1
    empty = items.length > 0 ? 0 : empty + 1
    return passed
  }
  return {
    pass,
    isFull: () => returned >= limit,
    isCircle: () => stale >= MAX_STALE_PAGES || empty >= MAX_EMPTY_PAGES || seen.isCircle(),
  }
}

/**
 * The pages of a listing, in order. A failure is the last value.
 * - Applies the filters that the server does not support, and stops at `limit`. A small `limit` is also the page size if the server applies all filters.
 * - Returns every matching image once. If the list changes during the listing, an image that appears again within the next 65,536 images is skipped; in a longer
 *   list an image can appear twice, for example when it is hidden during a listing with `hidden: 'include'`.
 * - Requests the next page while the current one is read and consumed, and pages in `ahead` in parallel, at most `concurrency` at a time.
 * - Fails with `DecodeFailed` after a page with a repeated cursor, ten consecutive pages without a new image, or 10,000 consecutive empty pages. A cycle longer than
 *   the remembered images returns images again before it fails, but every listing ends.
 * - Memory does not grow with the list: it holds the remembered IDs and at most `concurrency` pages.
 * - On an early exit or a failure, sends no further requests and aborts those in progress. An aborted signal gives `Aborted`, even if the source ignores the signal.
 */
export async function* pages(
  source: ListingSource,
  query: Query = {},
  options: PagesOptions = {},
): AsyncGenerator<E.Either<ImageError, Page>, void, undefined> {
  const { limit = Infinity, concurrency = CONCURRENCY } = options
  const site = createErrorSite(source.cloud, 'listPage')
  const left = omitFilters(query, source.capabilities.filters)
  const isAllWanted = Object.entries(left).every(([filter, wanted]) => filter === 'hidden' && wanted === 'include')
  const pageSize = options.pageSize ?? (isAllWanted && limit >= 1 && limit <= SMALL_LIMIT ? limit : undefined)
  const { pass, isFull, isCircle } = createSieve(left, limit)
  const { signal, abort } = linkSignals(options.signal)
  const cursors: Recent = createRecent({ capacity: CURSORS_REMEMBERED, sampleSize: 1, laps: 1 })
  const known: Cursor[] = []
  const pending: { readonly cursor: Cursor | null; readonly result: Promise<E.Either<ImageError, Page>> }[] = []

  let awaited: Cursor | null | undefined

  const requestPage = (cursor: Cursor | null): void => {
    const onNext = (next: Cursor): void => {
      // Request only one page beyond the awaited one, and none if the limit may end the listing at this page.
      if (
        cursor !== awaited ||
        limit !== Infinity ||
        concurrency < 1 ||
        pending.length + known.length > 0 ||
        signal.aborted ||
        cursors.note(next)
      )
        return
      requestPage(next)
    }
    const result = source.listPage(query, cursor, { signal, pageSize, onNext })()
    // Sources must not reject. If one does, the error appears where its page is awaited, not as an earlier unhandled rejection.
    result.catch(() => undefined)
    pending.push({ cursor, result })
  }

  try {
    if (isFull()) return
    if (signal.aborted) return yield E.left(aborted(site))
    requestPage(null)
    for (;;) {
      const next = pending.shift()
      if (next === undefined) return
      awaited = next.cursor
      const result = await raceAbort(next.result, signal)
      if (result === ABORTED || signal.aborted) return yield E.left(aborted(site))
      if (E.isLeft(result)) return yield result
      const page = result.right
      const items = pass(page.items)
      let isCircular = isCircle() && (page.next !== null || pending.length + known.length > 0)
      if (isFull()) {
        known.length = pending.length = 0
        abort()
      } else {
        // Only the last known page adds new cursors; earlier pages repeat known ones.
        for (const cursor of pending.length + known.length > 0 ? [] : following(page)) {
          if (cursors.note(cursor) || cursors.isCircle()) isCircular = true
          else known.push(cursor)
        }
        while (!isCircular && pending.length < Math.max(1, concurrency)) {
          const cursor = known.shift()
          if (cursor === undefined) break
          requestPage(cursor)
        }
      }
      yield E.right({ ...page, items })
      if (isCircular) {
        return yield E.left(
          decodeFailed(site, {
            what: 'the listing does not end: a page was returned twice',
            hint: 'Report this bug; the list may be incomplete',
            issues: [],
          }),
        )
      }
    }
  } finally {
    abort()
  }
}
