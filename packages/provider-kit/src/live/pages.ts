import {
  decodeFailed,
  type ImageResult,
  type ErrorSite,
  type Image,
  type Page,
  type ReadResult,
} from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import type { ReadRecords } from './read-records.ts'

/** Converts a page to the images that match the query, with the drift of their records. */
export const toImagePage = (
  { items, rejected }: ReadRecords<ReadResult>,
  fits: (image: Image) => boolean,
): Omit<Page, 'next'> => {
  const fitting = items.filter(({ image }) => fits(image))
  return {
    items: fitting.map(({ image }) => image),
    rejected,
    drift: fitting.flatMap(({ drift }) => drift),
  }
}

/** A page of a list and the position of the next one; `null`: this is the last page. */
export interface PartOfList<A, Position> {
  readonly items: readonly A[]
  readonly next: Position | null
}

/**
 * Collects all items of a list, page by page from the position `first`. If a position repeats, the error is `DecodeFailed`: the list would never end.
 * `what`: the kind of items, for that error: `actions`.
 */
export const collectPages =
  <A, Position extends string | number | null>(
    site: ErrorSite,
    what: string,
    first: Position,
    fetch: (position: Position) => ImageResult<PartOfList<A, Position>>,
  ): ImageResult<readonly A[]> =>
  async () => {
    const all: A[] = []
    const seen = new Set<Position>()
    for (let position = first; ;) {
      seen.add(position)
      const page = await fetch(position)()
      if (E.isLeft(page)) return page
      all.push(...page.right.items)
      const { next } = page.right
      if (next === null) return E.right(all)
      if (seen.has(next))
        return E.left(
          decodeFailed(site, {
            what: `the list of ${what} does not end: a page refers to an earlier one`,
            issues: [{ pointer: '', expected: 'a page that was not read yet', got: String(next) }],
          }),
        )
      position = next
    }
  }
