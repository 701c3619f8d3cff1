import * as E from 'fp-ts/lib/Either.js'
import { ABORTED, linkedSignal, orAborted, type Abortable } from './abort.ts'
import { aborted, decodeFailed, siteOf, type ImageError } from './error.ts'
import type { Image } from './image.ts'
import type { Cursor, Page } from './page.ts'
import { matcherOf, remainder, type Query } from './query.ts'
import type { ImageSource } from './source.ts'

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

/** Up to here a limit is a size for pages too: what is more is not to make the first row wait. */
const SMALL_LIMIT = 100

/** The cursors that a page adds to those known. A page whose `ahead` leaves out `next` still has a next page. */
const following = ({ next, ahead = [] }: Page): readonly Cursor[] => (next === null || ahead.includes(next) ? ahead : [next, ...ahead])

/** Counts the pages in a row that hold images, and none that was not there before. */
const staleness = (): ((items: readonly Image[]) => number) => {
  const met = new Set<string>()
  let count = 0
  return (items) => {
    const before = met.size
    for (const { ref } of items) met.add(ref.id)
    if (items.length > 0) count = met.size > before ? 0 : count + 1
    return count
  }
}

/** Passes on those images that fit, are new and are within the limit. */
const sieve = (query: Query, limit: number): { readonly pass: (items: readonly Image[]) => readonly Image[]; readonly isFull: () => boolean } => {
  const fits = matcherOf(query)
  const given = new Set<string>()
  const isWanted = (image: Image): boolean => {
    if (given.size >= limit || given.has(image.ref.id) || !fits(image)) return false
    given.add(image.ref.id)
    return true
  }
  return { pass: (items) => items.filter(isWanted), isFull: () => given.size >= limit }
}

/**
 * The pages of a listing, in order; a failure is the last thing it gives.
 * - Filters what the server did not, and stops at `limit`; where that is small and the server filters all, pages are asked for in its size. An image that stands on two pages, because the list changed meanwhile, is given once.
 * - The next page is asked for while this one is read and consumed; pages known `ahead` at the same time, never more than `concurrency` of them.
 * - A cursor that comes again is `DecodeFailed`, after the page that holds it, and so are ten pages in a row without an image that is new: a listing never runs in circles.
 * - Left early, or failed, it asks for nothing more and aborts what is under way. An aborted signal gives `Aborted`, even if the source does not listen to it.
 */
export async function* pages(source: ImageSource, query: Query = {}, options: PagesOptions = {}): AsyncGenerator<E.Either<ImageError, Page>, void, undefined> {
  const { limit = Infinity, concurrency = CONCURRENCY } = options
  const site = siteOf(source.cloud, 'listPage')
  const left = remainder(query, source.capabilities.filters)
  const isAllWanted = Object.entries(left).every(([filter, wanted]) => filter === 'hidden' && wanted === 'include')
  const pageSize = options.pageSize ?? (isAllWanted && limit >= 1 && limit <= SMALL_LIMIT ? limit : undefined)
  const { pass, isFull } = sieve(left, limit)
  const { signal, abort } = linkedSignal(options.signal)
  const stalenessOf = staleness()
  const seen = new Set<Cursor>()
  const known: Cursor[] = []
  const asked: { readonly cursor: Cursor | null; readonly answer: Promise<E.Either<ImageError, Page>> }[] = []

  let awaited: Cursor | null | undefined

  const ask = (cursor: Cursor | null): void => {
    const onNext = (next: Cursor): void => {
      // One page in advance of the one that is awaited, and none where this one may be the last.
      if (cursor !== awaited || limit !== Infinity || concurrency < 1 || asked.length + known.length > 0 || seen.has(next) || signal.aborted) return
      seen.add(next)
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
      const answer = await orAborted(next.answer, signal)
      if (answer === ABORTED || signal.aborted) return yield E.left(aborted(site))
      if (E.isLeft(answer)) return yield answer
      const page = answer.right
      const items = pass(page.items)
      let isCircular = stalenessOf(page.items) >= MOST_STALE && (page.next !== null || asked.length + known.length > 0)
      if (isFull()) {
        known.length = asked.length = 0
        abort()
      } else {
        // Only the last page known tells what follows: the others say again what is known.
        for (const cursor of asked.length + known.length > 0 ? [] : following(page)) {
          if (seen.has(cursor)) isCircular = true
          else known.push(cursor)
          seen.add(cursor)
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
        return yield E.left(decodeFailed(site, { what: 'the list runs in circles', hint: 'Report this; the images so far are right, but may not be all', issues }))
      }
    }
  } finally {
    abort()
  }
}
