import * as E from 'fp-ts/lib/Either.js'
import { ABORTED, linkSignals, raceAbort, type Abortable } from '../source/abort.ts'
import { aborted, decodeFailed, createErrorSite, type ImageError } from '../error/image-error.ts'
import type { Image } from '../image/image.ts'
import type { Cursor, Page } from '../source/page.ts'
import { createMatcher, omitFilters, type Query } from '../query/query.ts'
import { createRecent, type Recent } from './recent.ts'
import type { ListingSource } from '../source/source.ts'

export interface PagesOptions extends Abortable {
  /** The most images to give, of those that fit. */
  readonly limit?: number | undefined
  /** As in `ListOptions`. */
  readonly pageSize?: number | undefined
  /** How many pages may be asked for, or wait to be given, at the same time; at least 1. Only pages known `ahead` come more than one at a time. */
  readonly concurrency?: number | undefined
}

const CONCURRENCY = 4

/** A list that goes on for so many pages in a row, and brings only images that were there before, goes on for ever. A few such pages may be, when images come and go while one lists. */
const MOST_STALE = 10

/** So many pages in a row without any image, under ever new cursors, are no list. A source that filters by itself may give many: 500,000 images at Hetzner's 50 a page. */
const MOST_EMPTY = 10_000

/** Up to here a limit is a size for pages too: what is more is not to make the first row wait. */
const SMALL_LIMIT = 100

/** The cursors that a page adds to those known. A page whose `ahead` leaves out `next` still has a next page. */
const following = ({ next, ahead = [] }: Page): readonly Cursor[] =>
  next === null || ahead.includes(next) ? ahead : [next, ...ahead]

/**
 * How many images a listing remembers, to give an image once that comes again. A list that changes between two pages repeats what is near: of a list by
 * page numbers the images that moved on by as many places as images were added before them, of a list by markers none.
 */
const IMAGES_REMEMBERED = 65_536

/** So many images in a row do not all come a third time because they changed. Twice they may: listed, hidden all at once, and listed with the hidden ones. */
const IMAGE_SAMPLE = 256

const CURSORS_REMEMBERED = 10_000

/** Passes on the images that fit, were not passed on before and are within the limit. */
interface Sieve {
  readonly pass: (items: readonly Image[]) => readonly Image[]
  readonly isFull: () => boolean
  /** Whether the list, by its images, runs in circles. */
  readonly isCircle: () => boolean
}

const createSieve = (query: Query, limit: number): Sieve => {
  const fits = createMatcher(query)
  const met = createRecent({ capacity: IMAGES_REMEMBERED, sampleSize: IMAGE_SAMPLE, laps: 2 })
  let given = 0
  /** Pages in a row that hold images, and none that is new. */
  let stale = 0
  /** Pages in a row that hold no image. */
  let empty = 0
  const pass = (items: readonly Image[]): readonly Image[] => {
    let isAnyNew = false
    const passed = items.filter((image) => {
      if (!met.note(image.ref.id)) isAnyNew = true
      if (given >= limit || met.isMarked(image.ref.id) || !fits(image)) return false
      met.mark(image.ref.id)
      given++
      return true
    })
    if (items.length > 0) stale = isAnyNew ? 0 : stale + 1
    empty = items.length > 0 ? 0 : empty + 1
    return passed
  }
  return {
    pass,
    isFull: () => given >= limit,
    isCircle: () => stale >= MOST_STALE || empty >= MOST_EMPTY || met.isCircle(),
  }
}

/**
 * The pages of a listing, in order; a failure is the last thing it gives.
 * - Filters what the server did not, and stops at `limit`; where that is small and the server filters all, pages are asked for in its size.
 * - No image is dropped that the source gave, but one that was given before. An image that comes again within 65,536 images, because the list changed meanwhile,
 *   is given once; a list of up to that many images gives each of its images once. Beyond, one may come twice: an image that is hidden while one lists `hidden: 'include'`.
 * - The next page is asked for while this one is read and consumed; pages known `ahead` at the same time, never more than `concurrency` of them.
 * - A cursor that comes again is `DecodeFailed`, after the page that holds it, and so are ten pages in a row without an image that is new, and 10,000 without any image. Of a circle longer than what is
 *   remembered, images come again, but it ends all the same: a listing never runs in circles for ever.
 * - Its memory does not grow with the list: it holds the ids that it remembers, and at most `concurrency` pages.
 * - Left early, or failed, it asks for nothing more and aborts what is under way. An aborted signal gives `Aborted`, even if the source does not listen to it.
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
  const asked: { readonly cursor: Cursor | null; readonly answer: Promise<E.Either<ImageError, Page>> }[] = []

  let awaited: Cursor | null | undefined

  const ask = (cursor: Cursor | null): void => {
    const onNext = (next: Cursor): void => {
      // One page in advance of the one that is awaited, and none where this one may be the last.
      if (
        cursor !== awaited ||
        limit !== Infinity ||
        concurrency < 1 ||
        asked.length + known.length > 0 ||
        signal.aborted ||
        cursors.note(next)
      )
        return
      ask(next)
    }
    const answer = source.listPage(query, cursor, { signal, pageSize, onNext })()
    // A source never rejects. One that does is told so by whoever awaits its page, not by an unhandled rejection before that.
    answer.catch(() => undefined)
    asked.push({ cursor, answer })
  }

  try {
    if (isFull()) return
    if (signal.aborted) return yield E.left(aborted(site))
    ask(null)
    for (;;) {
      const next = asked.shift()
      if (next === undefined) return
      awaited = next.cursor
      const answer = await raceAbort(next.answer, signal)
      if (answer === ABORTED || signal.aborted) return yield E.left(aborted(site))
      if (E.isLeft(answer)) return yield answer
      const page = answer.right
      const items = pass(page.items)
      let isCircular = isCircle() && (page.next !== null || asked.length + known.length > 0)
      if (isFull()) {
        known.length = asked.length = 0
        abort()
      } else {
        // Only the last page known tells what follows: the others say again what is known.
        for (const cursor of asked.length + known.length > 0 ? [] : following(page)) {
          if (cursors.note(cursor) || cursors.isCircle()) isCircular = true
          else known.push(cursor)
        }
        while (!isCircular && asked.length < Math.max(1, concurrency)) {
          const cursor = known.shift()
          if (cursor === undefined) break
          ask(cursor)
        }
      }
      yield E.right({ ...page, items })
      if (isCircular) {
        const issues = [{ pointer: '/next', expected: 'a page not listed before', got: 'one that was' }]
        return yield E.left(
          decodeFailed(site, {
            what: 'the list runs in circles',
            hint: 'Report this; the images so far are right, but may not be all',
            issues,
          }),
        )
      }
    }
  } finally {
    abort()
  }
}
