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

/** Decodes the JSON body of a response. */
export type BodyReader<A> = (body: unknown) => E.Either<readonly Issue[], A>

/** The parts of a request that errors about its response depend on. */
export interface ResponseContext {
  readonly site: ErrorSite
  /** The name of the service, for people: `the Hetzner API`. */
  readonly server: string
  /** Whether the request is not idempotent. */
  readonly onlyOnce: boolean
}

/**
 * Decodes the body of a success. A web page comes from a proxy, not from the service. If the request is not idempotent, the hint depends on the body:
 * JSON comes from the service, so the request was carried out; otherwise the outcome is unknown.
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
