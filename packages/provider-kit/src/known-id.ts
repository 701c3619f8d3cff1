import { aborted, notFound, type Abortable, type ImageResult, type ErrorSite, type ErrorDetails } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'

/** Does `work` with an id. One that could not be one of the provider's (`Left`) is `NotFound`, without a request. An abort comes before either. */
export const withParsedId =
  <I, A>(
    site: ErrorSite,
    { signal }: Abortable,
    known: E.Either<ErrorDetails, I>,
    work: (id: I) => ImageResult<A>,
  ): ImageResult<A> =>
  async () => {
    if (signal?.aborted === true) return E.left(aborted(site))
    return E.isLeft(known) ? E.left(notFound(site, known.left)) : work(known.right)()
  }
