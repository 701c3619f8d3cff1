import type { Issue } from '@imago/codec'
import { decodeFailed, type ErrorSite, type ImageError } from '@imago/core/provider'
import {
  parseJsonBody,
  readWebPage,
  toImageErrorFromFailure,
  describeWebPage,
  type HttpFailure,
  type TextResponse,
} from '@imago/http'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { CARRIED_OUT_HINT, OUTCOME_UNKNOWN_HINT } from './hints.ts'

/** Reads the JSON of an answer. */
export type BodyReader<A> = (body: unknown) => E.Either<readonly Issue[], A>

/** What an error about an answer says. */
export interface ResponseContext {
  readonly site: ErrorSite
  /** What should have answered, for people: `the Hetzner API`. */
  readonly server: string
  /** Whether doing it twice is something else than doing it once. */
  readonly onlyOnce: boolean
}

/**
 * The body of a success. A web page is not the service's: something before it answered. Where the request changed something, the error says whether it
 * was carried out: JSON is the service's own answer, a page or nothing need not be.
 */
export const readResponse =
  <A>(read: BodyReader<A>, { site, server, onlyOnce }: ResponseContext) =>
  (response: TextResponse): E.Either<ImageError, A> => {
    const page = readWebPage(response)
    const json =
      page === null
        ? parseJsonBody(response)
        : E.left<HttpFailure>({ _tag: 'BadBody', what: describeWebPage(page, server).what })
    return pipe(
      json,
      E.mapLeft((failure) => toImageErrorFromFailure(failure, site)),
      E.flatMap((body) =>
        pipe(
          read(body),
          E.mapLeft((issues): ImageError =>
            decodeFailed(site, { what: `the response is not what ${server} documents`, issues }),
          ),
        ),
      ),
      E.mapLeft((error): ImageError =>
        onlyOnce ? { ...error, hint: E.isLeft(json) ? OUTCOME_UNKNOWN_HINT : CARRIED_OUT_HINT } : error,
      ),
    )
  }
