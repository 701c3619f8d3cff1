import { cautiousRetry, type RetryPolicy } from '@imago/http'
import * as E from 'fp-ts/lib/Either.js'

/** Maximum numbers of retries. */
export interface Retries {
  readonly statusCodeRetries: number
  readonly connectRetries: number
}

/**
 * Waits half a second, doubled each time up to a minute, as keystoneauth does (keystoneauth1/session.py, `_DEFAULT_RETRY…`).
 * Unlike keystoneauth, it also retries 502 and 504, always retries 429, and never repeats a request that may have been executed.
 */
export const openstackRetry = ({ statusCodeRetries, connectRetries }: Retries): RetryPolicy => ({
  ...cautiousRetry,
  retries: (outcome) => (E.isLeft(outcome) ? connectRetries : statusCodeRetries),
  baseMs: 500,
  floorMs: 250,
  capMs: 60_000,
})
