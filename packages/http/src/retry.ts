import * as E from 'fp-ts/lib/Either.js'
import { describeFailure, type HttpFailure } from './failure.ts'
import { parseRetryAfter } from './headers.ts'
import { isIdempotent, isReplayable, type HttpRequest, type HttpResponse, type Middleware } from './port.ts'
import { pause, type Timing } from './timing.ts'
import { SLOW_DOWN, reportPause, type OnPause } from './request-pause.ts'

/** What came of a try. */
export type AttemptResult = E.Either<HttpFailure, HttpResponse>

/**
 * Whether to try again: `always`, because the provider says that it did nothing; `if-idempotent`, because it may have done it;
 * `never`.
 */
export type RetryDecision = 'always' | 'if-idempotent' | 'never'

/** When and how a provider wants to be asked again. Each adapter states its own. */
export interface RetryPolicy {
  /** Which outcomes are worth another try. */
  readonly decide: (outcome: AttemptResult) => RetryDecision
  /** After the first try: however it went, or as many as suit how it went. All that were made count. */
  readonly retries: number | ((outcome: AttemptResult) => number)
  /** Before retry n (from 0) it waits between `floorMs` and `baseMs` × 2ⁿ, at most `capMs`: all of that is chance, so that many clients do not come back at once. */
  readonly baseMs: number
  readonly capMs: number
  readonly floorMs?: number | undefined
}

/** Broken or refused connections that may stand again soon. A name that does not resolve or a protocol that is none does not mend. */
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

/** The verdict on a failure that suits most providers. */
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

/** The default policy: gateways, 503, a request that the server waited for too long (408) and broken connections if idempotent, 429 always. */
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

/** Whether the server says that it did nothing. A stream may have been taken in part, which only a refusal of the request as such rules out. */
const isUndone = (verdict: RetryDecision, { body }: HttpRequest, outcome: AttemptResult): boolean =>
  verdict === 'always' &&
  (body?.kind !== 'stream' || (E.isRight(outcome) && outcome.right.status === TOO_MANY_REQUESTS))

const isWorthIt = (verdict: RetryDecision, request: HttpRequest, outcome: AttemptResult): boolean =>
  verdict !== 'never' && isReplayable(request) && (isIdempotent(request) || isUndone(verdict, request, outcome))

const allowed = ({ retries }: RetryPolicy, outcome: AttemptResult): number =>
  typeof retries === 'number' ? retries : retries(outcome)

const backOff = ({ baseMs, capMs, floorMs = 0 }: RetryPolicy, tried: number, random: number): number => {
  const most = Math.min(capMs, baseMs * 2 ** tried)
  const least = Math.min(floorMs, most)
  return Math.round(least + random * (most - least))
}

/** Why there is another try, in words. `asked`: the server says how long to wait. */
const whyAgain = (outcome: AttemptResult, asked: boolean): string => {
  if (E.isLeft(outcome)) return describeFailure(outcome.left)
  if (outcome.right.status === TOO_MANY_REQUESTS) return SLOW_DOWN
  return asked ? `the server asked to wait (${outcome.right.status})` : `the server answered ${outcome.right.status}`
}

/**
 * Tries again what is worth it.
 * - A streamed body is sent again only if it can be opened again, and the request is idempotent or was refused as one too many (429). What has been answered by a stream is over.
 * - Waits at least as long as `Retry-After` asks; if that is longer than `capMs`, the answer is given instead.
 * - A pause of 10 s or more is reported to `onPause` when it begins.
 * - After the last try its outcome is given; `isRepeat` tells whether one before it may have done what was asked. An abort ends the waiting.
 */
export const retry =
  (policy: RetryPolicy, { clock, sleep, random }: Timing, onPause?: OnPause): Middleware =>
  (next) =>
  (request) =>
  async () => {
    let mayBeDone = false
    for (let tried = 0; ; tried++) {
      const answered = await next(request)()
      const outcome: AttemptResult =
        mayBeDone && E.isRight(answered) ? E.right({ ...answered.right, isRepeat: true }) : answered
      if (
        tried >= allowed(policy, outcome) ||
        (E.isRight(outcome) && outcome.right.kind === 'stream') ||
        !isWorthIt(policy.decide(outcome), request, outcome)
      )
        return outcome
      mayBeDone ||= E.isLeft(outcome) || outcome.right.status >= 500
      const asked = E.isRight(outcome) ? (parseRetryAfter(outcome.right.headers, clock()) ?? 0) : 0
      if (asked > policy.capMs) return outcome
      const waitMs = Math.max(asked, backOff(policy, tried, random()))
      reportPause(onPause, request, {
        waitMs,
        reason: whyAgain(outcome, asked > 0),
        next: { attempt: tried + 2, of: allowed(policy, outcome) + 1 },
      })
      if (!(await pause(waitMs, sleep, request.signal))) return E.left({ _tag: 'Aborted' })
    }
  }
