import { cautiousRetry, type RetryPolicy } from '@imago/http'
import * as E from 'fp-ts/lib/Either.js'

/** How often to retry. */
export interface Retries {
  readonly statusCodeRetries: number
  readonly connectRetries: number
}

/**
 * Waits half a second, doubled each time up to a minute, as keystoneauth does (keystoneauth1/session.py, `_DEFAULT_RETRY…`). keystoneauth repeats any
 * request after a 503. Here 502 and 504 count too, requests that may have been carried out are not repeated, and a 429 always is.
 */
export const openstackRetry = ({ statusCodeRetries, connectRetries }: Retries): RetryPolicy => ({
  ...cautiousRetry,
  retries: (outcome) => (E.isLeft(outcome) ? connectRetries : statusCodeRetries),
  baseMs: 500,
  floorMs: 250,
  capMs: 60_000,
})
