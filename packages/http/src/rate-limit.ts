import { ABORTED, raceAbort } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import type { HttpFailure } from './failure.ts'
import { parseRetryAfter, readServerTime, type HttpHeaders } from './headers.ts'
import type { HttpRequest, Middleware } from './port.ts'
import { pause, type Timing } from './timing.ts'
import { RATE_LIMITED, reportPause, type OnPause } from './request-pause.ts'

/** Options of `rateLimit`. Times are in milliseconds. */
export interface RateLimitOptions extends Pick<Timing, 'clock' | 'sleep'> {
  /**
   * How the limit refills until `RateLimit-Reset`. `gradually`: one request at a time, as at Hetzner (3600 per hour, one per second);
   * `at-once`: all requests at that time.
   */
  readonly refill: 'gradually' | 'at-once'
  /** Longer waits fail at once. Default: 2 minutes. */
  readonly maxWaitMs?: number | undefined
  /** Called when a request waits 10 s or more. */
  readonly onPause?: OnPause | undefined
}

const MAX_WAIT_MS = 120_000
/** The shortest wait, which prevents a busy loop if clocks differ. */
const MIN_WAIT_MS = 10
/** Larger values of the reset are seconds since the epoch, smaller ones seconds from now. */
const EPOCH_SECONDS = 1_000_000_000

/** The remaining requests, at the time `at`. */
interface Budget {
  remaining: number
  readonly at: number
  readonly resetAt: number
  /** Milliseconds until one more request is allowed, with a gradual refill. */
  readonly msForOne: number
}

const parseCount = (headers: HttpHeaders, name: string): number | null => {
  const text = headers.get(name)?.trim() ?? ''
  return /^\d{1,15}$/.test(text) ? Number(text) : null
}

const parseBudget = (headers: HttpHeaders, now: number, inFlight: number): Budget | null => {
  const remaining = parseCount(headers, 'ratelimit-remaining')
  const reset = parseCount(headers, 'ratelimit-reset')
  if (remaining === null || reset === null) return null
  const untilReset = reset > EPOCH_SECONDS ? reset * 1000 - readServerTime(headers, now) : reset * 1000
  const limit = parseCount(headers, 'ratelimit-limit') ?? remaining + 1
  // The response does not count requests in flight.
  return {
    remaining: remaining - inFlight,
    at: now,
    resetAt: now + Math.max(0, untilReset),
    msForOne: Math.max(0, untilReset) / Math.max(1, limit - remaining),
  }
}

/** Milliseconds until one more request may be sent. */
const getWaitMs = (
  { remaining, at, resetAt, msForOne }: Budget,
  refill: RateLimitOptions['refill'],
  now: number,
): number => {
  if (now >= resetAt || remaining >= 1) return 0
  return refill === 'at-once' ? resetAt - now : Math.max(0, at + (1 - remaining) * msForOne - now)
}

/**
 * Waits if the `RateLimit-*` headers report no remaining requests, and after a 429 as long as `Retry-After` asks.
 * Requests wait in order. Use one instance for all clients that share a limit.
 */
export const rateLimit = ({ clock, sleep, refill, maxWaitMs = MAX_WAIT_MS, onPause }: RateLimitOptions): Middleware => {
  let budget: Budget | null = null
  let closedUntil = 0
  let inFlight = 0
  let queue: Promise<unknown> = Promise.resolve()

  const waitForTurn = async (request: HttpRequest): Promise<HttpFailure | null> => {
    for (;;) {
      const now = clock()
      const ms = Math.max(closedUntil - now, budget === null ? 0 : getWaitMs(budget, refill, now))
      if (ms <= 0) return null
      if (ms > maxWaitMs) return { _tag: 'RateLimited', retryAfterMs: ms }
      reportPause(onPause, request, {
        waitMs: ms,
        reason: closedUntil > now ? RATE_LIMITED : 'the rate limit of the server is used up (RateLimit-Remaining: 0)',
        next: null,
      })
      if (!(await pause(Math.max(MIN_WAIT_MS, Math.ceil(ms)), sleep, request.signal))) return { _tag: 'Aborted' }
    }
  }

  /** One at a time, so that each request is counted before the next one. */
  const admit = async (request: HttpRequest): Promise<HttpFailure | null> => {
    const failure = request.signal?.aborted === true ? ({ _tag: 'Aborted' } as const) : await waitForTurn(request)
    if (failure !== null) return failure
    if (budget !== null) budget.remaining -= 1
    return null
  }

  return (next) => (request) => async () => {
    const turn = queue.then(() => admit(request))
    queue = turn
    // An aborted request leaves the queue at once; its turn is skipped.
    const failure = await raceAbort(turn, request.signal)
    if (failure === ABORTED) return E.left({ _tag: 'Aborted' })
    if (failure !== null) return E.left(failure)
    inFlight += 1
    const result = await next(request)()
    inFlight -= 1
    if (E.isRight(result)) {
      const { status, headers } = result.right
      const now = clock()
      budget = parseBudget(headers, now, inFlight) ?? budget
      if (status === 429) closedUntil = Math.max(closedUntil, now + (parseRetryAfter(headers, now) ?? 0))
    }
    return result
  }
}
