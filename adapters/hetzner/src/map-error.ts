import {
  configInvalid,
  conflict,
  forbidden,
  notFound,
  quotaExceeded,
  rateLimited,
  rejected,
  unauthorized,
  unavailable,
  type ErrorSite,
  type ImageError,
} from '@imago/core'
import {
  isWrongEndpoint,
  mayBeSent,
  readWebPage,
  parseRetryAfter,
  toImageErrorFromFailure,
  describeWebPage,
  type HttpFailure,
  type TextResponse,
} from '@imago/http'
import { OUTCOME_UNKNOWN_HINT } from '@imago/provider-kit/live'
import { readError, type HetznerErrorText } from '@imago/schema-hetzner'

/** What an error is about. */
export interface Asked {
  /** What is asked for, in words: `image 42`. `null`: nothing in particular. */
  readonly subject: string | null
  /** Whether doing it twice is something else than doing it once. */
  readonly onlyOnce: boolean
}

/** An answer of 400 or above, read. */
interface Said extends Asked, HetznerErrorText {
  readonly retryAfterMs: number | null
}

type ToError = (site: ErrorSite, said: Said) => ImageError

const temporary: ToError = (site, { message, onlyOnce }) =>
  unavailable(site, { what: message, hint: onlyOnce ? OUTCOME_UNKNOWN_HINT : undefined })
/** The API says that it did nothing. */
const notNow: ToError = (site, { message }) => unavailable(site, { what: message })
const wrong: ToError = (site, { message }) => rejected(site, { what: message })
const inTheWay: ToError = (site, { message }) => conflict(site, { what: message })
const tooMuch: ToError = (site, { message }) =>
  quotaExceeded(site, { what: message, hint: 'Remove what is no longer needed, or ask Hetzner for a higher limit' })
const refused: ToError = (site, { message, code }) => forbidden(site, { what: message, reason: code ?? 'forbidden' })
const absent: ToError = (site, { subject, message }) =>
  notFound(site, {
    what: subject === null ? message : `there is no ${subject}`,
    hint: 'Check the id, and that the token is of the right project',
  })
const noToken: ToError = (site, { message }) =>
  unauthorized(site, {
    what: `the token was not accepted: ${message}`,
    hint: 'Check the token of this cloud; each belongs to one project',
  })
const tooOften: ToError = (site, { message, retryAfterMs }) => rateLimited(site, { what: message, retryAfterMs })

/** The API's codes. Spec: Errors (docs.hetzner.cloud/reference/cloud); those it no longer or never named are in hcloud-go's hcloud/error.go. */
const BY_CODE: ReadonlyMap<string, ToError> = new Map<string, ToError>([
  ['unauthorized', noToken],
  [
    'token_readonly',
    (site, { message }) =>
      forbidden(site, { what: message, reason: 'token_readonly', hint: 'Use a token that may write' }),
  ],
  // A token that may only read is told so, too: it was `token_readonly` until June 2026.
  [
    'forbidden',
    (site, { message }) =>
      forbidden(site, { what: message, reason: 'forbidden', hint: 'Check that the token may write, not only read' }),
  ],
  ['maintenance', notNow],
  ['resource_limit_exceeded', tooMuch],
  ['limit_reached', tooMuch],
  ['not_found', absent],
  ['method_not_allowed', wrong],
  ['json_error', wrong],
  ['invalid_input', wrong],
  ['unsupported_error', wrong],
  ['invalid_server_type', wrong],
  ['action_failed', wrong],
  ['uniqueness_error', inTheWay],
  // The state changed under the request: the API asks for the same again, and the tries are used up.
  ['conflict', notNow],
  [
    'deprecated_api_endpoint',
    (site, { message }) => rejected(site, { what: message, hint: 'This part of the API is gone: update imago' }),
  ],
  ['resource_unavailable', notNow],
  ['service_error', temporary],
  [
    'locked',
    (site, { message }) =>
      conflict(site, { what: message, hint: 'Another action is at work there: wait until it has ended' }),
  ],
  [
    'resource_locked',
    (site, { message }) =>
      conflict(site, { what: message, hint: 'Another action is at work there: wait until it has ended' }),
  ],
  ['resource_in_use', inTheWay],
  ['server_not_stopped', inTheWay],
  [
    'protected',
    (site, { subject, message }) =>
      forbidden(site, {
        what: subject === null ? message : `${subject} is protected`,
        reason: 'protected',
        hint: 'Lift the protection first',
      }),
  ],
  ['rate_limit_exceeded', tooOften],
  ['server_error', temporary],
  ['unknown_error', temporary],
  ['bad_gateway', temporary],
  ['unavailable', temporary],
  ['timeout', temporary],
  ['robot_unavailable', temporary],
  ['placement_error', notNow],
])

/** For codes that are new, and for answers that are not the API's. */
const byStatus = (status: number): ToError => {
  switch (status) {
    case 401:
      return noToken
    case 403:
      return refused
    case 404:
      return absent
    case 409:
    case 412:
    case 423:
      return inTheWay
    case 408:
      return temporary
    case 429:
      return tooOften
    default:
      return status >= 500 ? temporary : wrong
  }
}

/** A mistyped path answers 404 with this message, even to a wrong token. */
const isNoRoute = ({ code, message }: HetznerErrorText): boolean =>
  code === 'not_found' && /route not found/i.test(message)

/** What an answer of 400 or above means. Tolerant of any body. `now`: in milliseconds since the epoch. */
export const toImageError = (site: ErrorSite, response: TextResponse, asked: Asked, now: number): ImageError => {
  const { status, headers, text } = response
  const page = readWebPage(response)
  if (page !== null && isWrongEndpoint(status)) return configInvalid(site, describeWebPage(page, 'the Hetzner API'))
  const said = readError(status, headers.get('content-type'), text)
  if (isNoRoute(said))
    return configInvalid(site, {
      what: said.message,
      hint: 'Check the endpoint of this cloud; it ends in the version, as /v1',
    })
  const toError = (said.code === null ? undefined : BY_CODE.get(said.code)) ?? byStatus(status)
  return toError(site, { ...said, ...asked, retryAfterMs: parseRetryAfter(headers, now) })
}

/** What it means that there is no answer. */
export const toImageErrorWithoutAnswer = (site: ErrorSite, failure: HttpFailure, { onlyOnce }: Asked): ImageError => {
  const error = toImageErrorFromFailure(failure, site)
  return onlyOnce && mayBeSent(failure) ? { ...error, hint: OUTCOME_UNKNOWN_HINT } : error
}
