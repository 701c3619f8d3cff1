import {
  conflict,
  forbidden,
  notFound,
  rateLimited,
  rejected,
  unauthorized,
  unavailable,
  type ErrorSite,
  type ImageError,
} from '@imago/core'
import { mayBeSent, parseRetryAfter, toImageErrorFromFailure, type HttpFailure, type TextResponse } from '@imago/http'
import * as E from 'fp-ts/lib/Either.js'
import { DigitalOceanError } from './wire.ts'

/** What a request is about. */
export interface Asked {
  /** In words: `image 42`. `null`: nothing in particular. */
  readonly subject: string | null
  /** Whether doing it twice differs from doing it once. */
  readonly onlyOnce: boolean
}

const OUTCOME_UNKNOWN_HINT = 'It may have been done all the same: look before you try again'

/** The error in a body, as far as there is one. */
export const readError = (text: string): DigitalOceanError => {
  const body = E.tryCatch(
    (): unknown => JSON.parse(text),
    () => null,
  )
  const decoded = E.isLeft(body) ? body : DigitalOceanError.decode(body.right)
  return E.isLeft(decoded) ? {} : decoded.right
}

/** What a response of 400 or above means. `now`: in milliseconds since the epoch. */
export const toImageError = (
  site: ErrorSite,
  { status, headers, text }: TextResponse,
  { subject, onlyOnce }: Asked,
  now: number,
): ImageError => {
  const { id, message } = readError(text)
  const what = message ?? `the server answered ${status}`
  switch (status) {
    case 401:
      return unauthorized(site, {
        what: `the token was not accepted: ${what}`,
        hint: 'Check the token of this cloud; it may have expired',
      })
    case 403:
      return forbidden(site, {
        what,
        reason: id ?? 'forbidden',
        hint: 'Use a token whose scopes allow this; images of DigitalOcean itself cannot be changed',
      })
    case 404:
      return notFound(site, {
        what: subject === null ? what : `${subject} not found`,
        hint: 'Check the ID, and that the token is of the right team',
      })
    case 409:
    case 412:
    case 423:
      return conflict(site, { what })
    case 429:
      return rateLimited(site, { what, retryAfterMs: parseRetryAfter(headers, now) })
    case 408:
      return unavailable(site, { what, hint: onlyOnce ? OUTCOME_UNKNOWN_HINT : undefined })
    default:
      return status >= 500
        ? unavailable(site, { what, hint: onlyOnce ? OUTCOME_UNKNOWN_HINT : undefined })
        : rejected(site, { what })
  }
}

/** What it means that there is no response. */
export const toImageErrorWithoutResponse = (site: ErrorSite, failure: HttpFailure, { onlyOnce }: Asked): ImageError => {
  const error = toImageErrorFromFailure(failure, site)
  return error._tag === 'Unavailable' && onlyOnce && mayBeSent(failure)
    ? { ...error, hint: OUTCOME_UNKNOWN_HINT }
    : error
}
