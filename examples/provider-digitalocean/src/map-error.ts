import type { ErrorSite, ImageError } from '@imago/core/provider'
import { parseRetryAfter, type TextResponse } from '@imago/http'
import { formatNotFound } from '@imago/provider-kit'
import { toImageErrorFromStatus, type RequestContext } from '@imago/provider-kit/live'
import * as E from 'fp-ts/lib/Either.js'
import { DigitalOceanError } from './wire.ts'

/** The error in a body, as far as there is one. */
export const readError = (text: string): DigitalOceanError => {
  const body = E.tryCatch(
    (): unknown => JSON.parse(text),
    () => null,
  )
  const decoded = E.isLeft(body) ? body : DigitalOceanError.decode(body.right)
  return E.isLeft(decoded) ? {} : decoded.right
}

/** Maps a response of 400 or above. `now`: milliseconds since the epoch. */
export const toImageError = (
  site: ErrorSite,
  { status, headers, text }: TextResponse,
  { subject, onlyOnce }: RequestContext,
  now: number,
): ImageError => {
  const { id, message = `the server returned ${status}` } = readError(text)
  return toImageErrorFromStatus(site, {
    status,
    message,
    reason: id,
    retryAfterMs: parseRetryAfter(headers, now),
    onlyOnce,
    unauthorized: {
      what: `the token was not accepted: ${message}`,
      hint: 'Check the token of this cloud: it may have expired',
    },
    forbidden: {
      what: message,
      hint: 'Use a token whose scopes allow this; images of DigitalOcean itself cannot be changed',
    },
    notFound: {
      what: subject === null ? message : formatNotFound(subject),
      hint: 'Check the ID, and that the token belongs to the right team',
    },
  })
}
