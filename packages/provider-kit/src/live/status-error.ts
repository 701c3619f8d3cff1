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
  type ErrorDetails,
} from '@imago/core/provider'
import { OUTCOME_UNKNOWN_HINT } from './hints.ts'

/** A response with a status of 400 or above. */
export interface StatusError {
  readonly status: number
  readonly message: string
  /** The provider's code for a refusal. Default: `forbidden`. */
  readonly reason?: string | null | undefined
  readonly retryAfterMs: number | null
  readonly onlyOnce: boolean
  /** The provider's own wording of a 401, with its hint. Default: the message alone. */
  readonly unauthorized?: ErrorDetails | undefined
  readonly forbidden?: ErrorDetails | undefined
  readonly notFound?: ErrorDetails | undefined
}

/** Converts a status to an error by its meaning in HTTP (RFC 9110, 15.5 and 15.6; RFC 6585, 4), if the provider defines no other meaning. */
export const toImageErrorFromStatus = (site: ErrorSite, error: StatusError): ImageError => {
  const { status, message, reason, retryAfterMs, onlyOnce } = error
  const wording: ErrorDetails = { what: message }
  switch (status) {
    case 401:
      return unauthorized(site, error.unauthorized ?? wording)
    case 403:
      return forbidden(site, { ...(error.forbidden ?? wording), reason: reason ?? 'forbidden' })
    case 404:
      return notFound(site, error.notFound ?? wording)
    case 409:
    case 412:
    case 423:
      return conflict(site, wording)
    case 429:
      return rateLimited(site, { ...wording, retryAfterMs })
    default:
      return status === 408 || status >= 500
        ? unavailable(site, { ...wording, hint: onlyOnce ? OUTCOME_UNKNOWN_HINT : undefined })
        : rejected(site, wording)
  }
}
