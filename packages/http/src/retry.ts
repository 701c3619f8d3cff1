import * as E from 'fp-ts/lib/Either.js'
import { describeFailure, type HttpFailure } from './failure.ts'
import { parseRetryAfter } from './headers.ts'
import { isIdempotent, isReplayable, type HttpRequest, type HttpResponse, type Middleware } from './port.ts'
import { pause, type Timing } from './timing.ts'
import { RATE_LIMITED, reportPause, type OnPause } from './request-pause.ts'

/** The result of an attempt. */
export type AttemptResult = E.Either<HttpFailure, HttpResponse>

/**
 * Whether to retry: `always`, because the provider did not carry out the request; `if-idempotent`, because it may have; `never`.
 */
export type RetryDecision = 'always' | 'if-idempotent' | 'never'

/** When and how to retry. Each adapter has its own policy. */
export interface RetryPolicy {
  /** Decides by the result of an attempt. */
  readonly decide: (outcome: AttemptResult) => RetryDecision
  /** The maximum number of retries, or a function of the last result. */
  readonly retries: number | ((outcome: AttemptResult) => number)
  /** Before retry n (from 0), it waits a random time between `floorMs` and `baseMs` × 2ⁿ, at most `capMs`, so that clients do not retry at the same time. */
  readonly baseMs: number
  readonly capMs: number
  readonly floorMs?: number | undefined
}

/** Codes of temporary connection failures. */
const TEMPORARY_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ERR_STREAM_PREMATURE_CLOSE',
])

/** The decision on a failure for most providers. */
export const decideOnFailure = (failure: HttpFailure): RetryDecision => {
  switch (failure._tag) {
    case 'Network':
      return TEMPORARY_CODES.has(failure.code) ? 'if-idempotent' : 'never'
    case 'Timeout':
      return 'if-idempotent'
    default:
      return 'never'
  }
}

/** The default policy: retries 429 always, and 408, 502, 503, 504 and closed connections if the request is idempotent. */
export const cautiousRetry: RetryPolicy = {
  decide: (outcome) => {
    if (E.isLeft(outcome)) return decideOnFailure(outcome.left)
    switch (outcome.right.status) {
      case 429:
        return 'always'
      case 408:
      case 502:
      case 503:
      case 504:
        return 'if-idempotent'
      default:
        return 'never'
    }
  },
  retries: 5,
  baseMs: 500,
  capMs: 60_000,
}

const TOO_MANY_REQUESTS = 429

/** Whether the server did not carry out the request. A streamed body may have been accepted in part, unless the response is a 429. */
const isNotCarriedOut = (decision: RetryDecision, { body }: HttpRequest, outcome: AttemptResult): boolean =>
  decision === 'always' &&
  (body?.kind !== 'stream' || (E.isRight(outcome) && outcome.right.status === TOO_MANY_REQUESTS))

const isWorthRetrying = (decision: RetryDecision, request: HttpRequest, outcome: AttemptResult): boolean =>
  decision !== 'never' &&
  isReplayable(request) &&
  (isIdempotent(request) || isNotCarriedOut(decision, request, outcome))

const getMaxRetries = ({ retries }: RetryPolicy, outcome: AttemptResult): number =>
  typeof retries === 'number' ? retries : retries(outcome)

const getBackoffMs = ({ baseMs, capMs, floorMs = 0 }: RetryPolicy, tried: number, random: number): number => {
  const max = Math.min(capMs, baseMs * 2 ** tried)
  const min = Math.min(floorMs, max)
  return Math.round(min + random * (max - min))
}

/** The reason of a retry, in words. `asked`: the server sent `Retry-After`. */
const describeReason = (outcome: AttemptResult, asked: boolean): string => {
  if (E.isLeft(outcome)) return describeFailure(outcome.left)
  if (outcome.right.status === TOO_MANY_REQUESTS) return RATE_LIMITED
  return asked
    ? `the server asked to wait (${outcome.right.status})`
    : `the server responded with ${outcome.right.status}`
}

/**
 * Retries requests by a policy.
 * - A streamed body is sent again only if it can be opened again, and the request is idempotent or got a 429. Streamed responses are not retried.
 * - Waits at least as long as `Retry-After` asks. If that is longer than `capMs`, the response is returned.
 * - A wait of 10 s or more is reported to `onPause` when it starts.
 * - `isRepeat` of a response means that an earlier attempt may have been carried out. An abort ends the wait.
 */
export const retry =
  (policy: RetryPolicy, { clock, sleep, random }: Timing, onPause?: OnPause): Middleware =>
  (next) =>
  (request) =>
  async () => {
    let mayBeDone = false
    for (let tried = 0; ; tried++) {
      const result = await next(request)()
      const outcome: AttemptResult =
        mayBeDone && E.isRight(result) ? E.right({ ...result.right, isRepeat: true }) : result
      if (
        tried >= getMaxRetries(policy, outcome) ||
        (E.isRight(outcome) && outcome.right.kind === 'stream') ||
        !isWorthRetrying(policy.decide(outcome), request, outcome)
      )
        return outcome
      mayBeDone ||= E.isLeft(outcome) || outcome.right.status >= 500
      const asked = E.isRight(outcome) ? (parseRetryAfter(outcome.right.headers, clock()) ?? 0) : 0
      if (asked > policy.capMs) return outcome
      const waitMs = Math.max(asked, getBackoffMs(policy, tried, random()))
      reportPause(onPause, request, {
        waitMs,
        reason: describeReason(outcome, asked > 0),
        next: { attempt: tried + 2, of: getMaxRetries(policy, outcome) + 1 },
      })
      if (!(await pause(waitMs, sleep, request.signal))) return E.left({ _tag: 'Aborted' })
    }
  }
