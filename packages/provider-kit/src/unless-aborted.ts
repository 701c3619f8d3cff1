import { aborted, type Abortable, type ImageResult, type ErrorSite } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'

/** Runs `work`, or returns the error `Aborted` if the signal was aborted before the start. */
export const unlessAborted =
  <A>(site: ErrorSite, { signal }: Abortable, work: ImageResult<A>): ImageResult<A> =>
  async () =>
    signal?.aborted === true ? E.left(aborted(site)) : work()
