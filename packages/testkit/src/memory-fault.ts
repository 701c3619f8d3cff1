import type { Cursor, ImageError, Page } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'

/** A page that a memory source is about to give. */
export interface PageAnswer {
  /** Counted from 0. */
  readonly number: number
  readonly cursor: Cursor | null
  readonly page: Page
}

/** What becomes of a page on its way: another page, an error, or the same, later. */
export type PageFault = (answer: PageAnswer) => E.Either<ImageError, Page> | Promise<E.Either<ImageError, Page>>

/** Page `number` (from 1) says that it follows itself. */
export const loopingAt =
  (number: number): PageFault =>
  ({ page, cursor, ...answer }) => {
    const { ahead: _, ...alone } = page
    return E.right(answer.number === number ? { ...alone, next: cursor } : alone)
  }

/** Page `number` fails, each time it is asked for. */
export const failingAt =
  (number: number, error: ImageError): PageFault =>
  (answer) =>
    answer.number === number ? E.left(error) : E.right(answer.page)
