import type { Cursor, ImageError, Page } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'

/** A page that a memory source is about to return. */
export interface PendingPage {
  /** Counted from 0. */
  readonly number: number
  readonly cursor: Cursor | null
  readonly page: Page
}

/** Replaces a page by another page, an error, or the same page later. */
export type PageFault = (pending: PendingPage) => E.Either<ImageError, Page> | Promise<E.Either<ImageError, Page>>

/** Makes page `number` (from 1) refer to itself as the next page. */
export const loopingAt =
  (number: number): PageFault =>
  ({ page, cursor, ...pending }) => {
    const { ahead: _, ...alone } = page
    return E.right(pending.number === number ? { ...alone, next: cursor } : alone)
  }

/** Makes page `number` fail on every request. */
export const failingAt =
  (number: number, error: ImageError): PageFault =>
  (pending) =>
    pending.number === number ? E.left(error) : E.right(pending.page)
