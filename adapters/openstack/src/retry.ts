import { cautiousRetry, type RetryPolicy } from '@imago/http'
import * as E from 'fp-ts/lib/Either.js'

/** How often to try again. */
export interface Retries {
  readonly statusCodeRetries: number
  readonly connectRetries: number
}

/**
 * Waits from half a second, doubling, up to a minute, as keystoneauth does (keystoneauth1/session.py, `_DEFAULT_RETRY…`). It repeats only a 503, but whatever
 * the request; here gateways' 502 and 504 count too, a request that may have done something is not repeated, and one that came too early (429) always is.
 */
export const openstackRetry = ({ statusCodeRetries, connectRetries }: Retries): RetryPolicy => ({
  ...cautiousRetry,
  retries: (outcome) => (E.isLeft(outcome) ? connectRetries : statusCodeRetries),
  baseMs: 500,
  floorMs: 250,
  capMs: 60_000,
})
