import { rejected, type ByteRange, type ErrorSite, type ImageError } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'

/** A range with its end resolved. */
export interface Span {
  readonly start: number
  /** Exclusive; `null`: to the end of bytes of unknown size. */
  readonly end: number | null
}

/** The error for a range outside the bytes. */
export const rangeError = (site: ErrorSite, { start, end }: ByteRange, size: number | null): ImageError =>
  rejected(site, {
    what: `range ${start} to ${end ?? 'the end'} is outside the ${size === null ? 'bytes' : `${size} bytes`}`,
  })

/** Resolves a range of `size` bytes. An end after the last byte becomes the end of the bytes. */
export const toSpan = (
  range: ByteRange | undefined,
  size: number | null,
  site: ErrorSite,
): E.Either<ImageError, Span> => {
  const { start, end } = range ?? { start: 0, end: null }
  const stop = size === null ? end : Math.min(end ?? size, size)
  return start < 0 || (stop !== null && start > stop)
    ? E.left(rangeError(site, { start, end }, size))
    : E.right({ start, end: stop })
}
