import { ABORTED, raceAbort } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import type { HttpFailure } from './failure.ts'
import { parseRetryAfter, readServerTime, type HttpHeaders } from './headers.ts'
import type { HttpRequest, Middleware } from './port.ts'
import { pause, type Timing } from './timing.ts'
import { SLOW_DOWN, reportPause, type OnPause } from './request-pause.ts'

/** How a provider limits, and how long to bear it. Times are in milliseconds. */
export interface RateLimitOptions extends Pick<Timing, 'clock' | 'sleep'> {
  /**
   * What `RateLimit-Reset` means. `gradually`: requests come back one by one until then, as at Hetzner (3600 an hour, one a second);
   * `at-once`: all of them come back then.
   */
  readonly refill: 'gradually' | 'at-once'
  /** To be asked to wait longer is a failure, at once; 2 minutes unless said otherwise. */
  readonly maxWaitMs?: number | undefined
  /** Is told when a request begins to wait for 10 s or more. */
  readonly onPause?: OnPause | undefined
}

const MAX_WAIT_MS = 120_000
/** However the clocks stand: no wait is shorter, so that waiting is never a busy loop. */
const MIN_WAIT_MS = 10
/** A reset beyond this many seconds is a time since the epoch, below it a time from now: both are in use. */
const EPOCH_SECONDS = 1_000_000_000

/** What is left, as an answer said it at the time `at`. */
interface Budget {
  remaining: number
  readonly at: number
  readonly resetAt: number
  /** In how many milliseconds one more comes back, where they come back gradually. */
  readonly msForOne: number
}

const numberIn = (headers: HttpHeaders, name: string): number | null => {
  const text = headers.get(name)?.trim() ?? ''
  return /^\d{1,15}$/.test(text) ? Number(text) : null
}

const budgetOf = (headers: HttpHeaders, now: number, inFlight: number): Budget | null => {
  const remaining = numberIn(headers, 'ratelimit-remaining')
  const reset = numberIn(headers, 'ratelimit-reset')
  if (remaining === null || reset === null) return null
  const untilReset = reset > EPOCH_SECONDS ? reset * 1000 - readServerTime(headers, now) : reset * 1000
  const limit = numberIn(headers, 'ratelimit-limit') ?? remaining + 1
  // The answer does not count those that are on their way.
  return {
    remaining: remaining - inFlight,
    at: now,
    resetAt: now + Math.max(0, untilReset),
    msForOne: Math.max(0, untilReset) / Math.max(1, limit - remaining),
  }
}

/** How long until one more request may be sent. */
const waitFor = (
  { remaining, at, resetAt, msForOne }: Budget,
  refill: RateLimitOptions['refill'],
  now: number,
): number => {
  if (now >= resetAt || remaining >= 1) return 0
  return refill === 'at-once' ? resetAt - now : Math.max(0, at + (1 - remaining) * msForOne - now)
}

/**
 * Waits where the provider's `RateLimit-*` headers say that nothing is left, and as long as a 429 asks by `Retry-After`.
 * Requests queue in the order they came. One instance for all that shares a limit.
 */
export const rateLimit = ({ clock, sleep, refill, maxWaitMs = MAX_WAIT_MS, onPause }: RateLimitOptions): Middleware => {
  let budget: Budget | null = null
  let closedUntil = 0
  let inFlight = 0
  let queue: Promise<unknown> = Promise.resolve()

  const waited = async (request: HttpRequest): Promise<HttpFailure | null> => {
    for (;;) {
      const now = clock()
      const ms = Math.max(closedUntil - now, budget === null ? 0 : waitFor(budget, refill, now))
      if (ms <= 0) return null
      if (ms > maxWaitMs) return { _tag: 'RateLimited', retryAfterMs: ms }
      reportPause(onPause, request, {
        waitMs: ms,
        reason:
          closedUntil > now
            ? SLOW_DOWN
            : 'no requests are left of those that the server allows (RateLimit-Remaining: 0)',
        next: null,
      })
      if (!(await pause(Math.max(MIN_WAIT_MS, Math.ceil(ms)), sleep, request.signal))) return { _tag: 'Aborted' }
    }
  }

  /** One at a time, so that what one takes is counted before the next looks. */
  const admit = async (request: HttpRequest): Promise<HttpFailure | null> => {
    const failure = request.signal?.aborted === true ? ({ _tag: 'Aborted' } as const) : await waited(request)
    if (failure !== null) return failure
    if (budget !== null) budget.remaining -= 1
    return null
  }

  return (next) => (request) => async () => {
    const turn = queue.then(() => admit(request))
    queue = turn
    // One who aborts in the queue leaves at once; its turn passes when it comes.
    const failure = await raceAbort(turn, request.signal)
    if (failure === ABORTED) return E.left({ _tag: 'Aborted' })
    if (failure !== null) return E.left(failure)
    inFlight += 1
    const answer = await next(request)()
    inFlight -= 1
    if (E.isRight(answer)) {
      const { status, headers } = answer.right
      const now = clock()
      budget = budgetOf(headers, now, inFlight) ?? budget
      if (status === 429) closedUntil = Math.max(closedUntil, now + (parseRetryAfter(headers, now) ?? 0))
    }
    return answer
  }
}
