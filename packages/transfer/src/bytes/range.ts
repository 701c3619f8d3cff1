import { rejected, type ByteRange, type ErrorSite, type ImageError } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'

/** A range whose end is known as far as it can be. */
export interface Span {
  readonly start: number
  /** `null`: to the end of bytes whose number nobody knows. */
  readonly end: number | null
}

export const rangeError = (site: ErrorSite, { start, end }: ByteRange, size: number | null): ImageError =>
  rejected(site, { what: `there are no bytes from ${start} to ${end ?? 'the end'}${size === null ? '' : ` among ${size}`}` })

/** A range among `size` bytes: one that ends behind the last byte ends with it. */
export const toSpan = (range: ByteRange | undefined, size: number | null, site: ErrorSite): E.Either<ImageError, Span> => {
  const { start, end } = range ?? { start: 0, end: null }
  const stop = size === null ? end : Math.min(end ?? size, size)
  return start < 0 || (stop !== null && start > stop) ? E.left(rangeError(site, { start, end }, size)) : E.right({ start, end: stop })
}
