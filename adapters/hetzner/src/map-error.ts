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
  type ErrorDetails,
} from '@imago/core/provider'
import { parseRetryAfter, type TextResponse } from '@imago/http'
import { formatNotFound } from '@imago/provider-kit'
import { OUTCOME_UNKNOWN_HINT, toImageErrorFromStatus, type RequestContext } from '@imago/provider-kit/live'
import { readError, type HetznerErrorText } from '@imago/schema-hetzner'

/** A decoded response with status 400 or above. */
interface ErrorResponse extends RequestContext, HetznerErrorText {
  readonly retryAfterMs: number | null
}

type ToError = (site: ErrorSite, body: ErrorResponse) => ImageError

const temporary: ToError = (site, { message, onlyOnce }) =>
  unavailable(site, { what: message, hint: onlyOnce ? OUTCOME_UNKNOWN_HINT : undefined })
/** For refusals after which nothing has changed, so that the request can be repeated. */
const notNow: ToError = (site, { message }) => unavailable(site, { what: message })
const invalid: ToError = (site, { message }) => rejected(site, { what: message })
const inConflict =
  (hint: string): ToError =>
  (site, { message }) =>
    conflict(site, { what: message, hint })
const overQuota: ToError = (site, { message }) =>
  quotaExceeded(site, {
    what: message,
    hint: 'Delete resources that are no longer needed, or ask Hetzner for a higher limit',
  })
const locked: ToError = (site, { message }) =>
  conflict(site, {
    what: message,
    hint: 'Another action is in progress on this resource; retry when it has finished',
  })
const missing = ({ subject, message }: ErrorResponse): ErrorDetails => ({
  what: subject === null ? message : formatNotFound(subject),
  hint: 'Check the ID, and that the token belongs to the right project',
})
const badToken = ({ message }: ErrorResponse): ErrorDetails => ({
  what: `the token was not accepted: ${message}`,
  hint: 'Check the token of this cloud; each token belongs to one project',
})

/** The API's codes. Spec: Errors (docs.hetzner.cloud/reference/cloud); codes that it does not name are in hcloud-go's hcloud/error.go. */
const BY_CODE: ReadonlyMap<string, ToError> = new Map<string, ToError>([
  ['unauthorized', (site, body) => unauthorized(site, badToken(body))],
  [
    'token_readonly',
    (site, { message }) =>
      forbidden(site, {
        what: message,
        reason: 'token_readonly',
        hint: 'Use a token with the permission Read & Write',
      }),
  ],
  // Since June 2026 also the code for a read-only token, which was `token_readonly` before.
  [
    'forbidden',
    (site, { message }) =>
      forbidden(site, {
        what: message,
        reason: 'forbidden',
        hint: 'Check that the token has the permission Read & Write',
      }),
  ],
  ['maintenance', notNow],
  ['resource_limit_exceeded', overQuota],
  ['limit_reached', overQuota],
  ['not_found', (site, body) => notFound(site, missing(body))],
  ['method_not_allowed', invalid],
  ['json_error', invalid],
  ['invalid_input', invalid],
  ['unsupported_error', invalid],
  ['invalid_server_type', invalid],
  ['action_failed', invalid],
  ['uniqueness_error', inConflict('Use another value, or delete the resource that has this one')],
  // The resource changed during the request. The API asks to retry; the retries are used up by now.
  ['conflict', notNow],
  [
    'deprecated_api_endpoint',
    (site, { message }) =>
      rejected(site, { what: message, hint: 'Update imago: this endpoint was removed from the API' }),
  ],
  ['resource_unavailable', notNow],
  ['service_error', temporary],
  ['locked', locked],
  ['resource_locked', locked],
  ['resource_in_use', inConflict('Delete or detach what uses the resource, then retry')],
  ['server_not_stopped', inConflict('Stop the server, then retry')],
  [
    'protected',
    (site, { subject, message }) =>
      forbidden(site, {
        what: subject === null ? message : `${subject} is protected`,
        reason: 'protected',
        hint: 'Remove the protection first',
      }),
  ],
  ['rate_limit_exceeded', (site, { message, retryAfterMs }) => rateLimited(site, { what: message, retryAfterMs })],
  ['server_error', temporary],
  ['unknown_error', temporary],
  ['bad_gateway', temporary],
  ['unavailable', temporary],
  ['timeout', temporary],
  ['robot_unavailable', temporary],
  ['placement_error', notNow],
])

/** For unknown codes, and for responses that are not from the API. */
const byStatus =
  (status: number): ToError =>
  (site, body) =>
    toImageErrorFromStatus(site, {
      ...body,
      status,
      reason: body.code,
      unauthorized: badToken(body),
      notFound: missing(body),
    })

/** A mistyped path returns 404 with this message, even with a wrong token. */
const isNoRoute = ({ code, message }: HetznerErrorText): boolean =>
  code === 'not_found' && /route not found/i.test(message)

/** Maps a response with status 400 or above and any body. `now`: milliseconds since the epoch. */
export const toImageError = (
  site: ErrorSite,
  { status, headers, text }: TextResponse,
  { subject, onlyOnce }: RequestContext,
  now: number,
): ImageError => {
  const error = readError(status, headers.get('content-type'), text)
  if (isNoRoute(error))
    return configInvalid(site, {
      what: error.message,
      hint: 'Check the endpoint of this cloud: it must end in the version, such as /v1',
    })
  const toError = (error.code === null ? undefined : BY_CODE.get(error.code)) ?? byStatus(status)
  return toError(site, { ...error, subject, onlyOnce, retryAfterMs: parseRetryAfter(headers, now) })
}
