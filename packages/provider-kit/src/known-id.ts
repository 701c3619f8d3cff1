import { notFound, type Abortable, type ImageResult, type ErrorSite, type ErrorDetails } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { unlessAborted } from './unless-aborted.ts'

/** Runs `work` with a parsed ID. An ID in a wrong format (`Left`) is `NotFound`, without a request. */
export const withParsedId = <I, A>(
  site: ErrorSite,
  options: Abortable,
  known: E.Either<ErrorDetails, I>,
  work: (id: I) => ImageResult<A>,
): ImageResult<A> =>
  unlessAborted(site, options, () => (E.isLeft(known) ? TE.left(notFound(site, known.left)) : work(known.right))())
