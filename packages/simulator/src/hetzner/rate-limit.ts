import type { Clock } from '../clock.ts'

export interface RateLimitOptions {
  /** The most that can be spent at once. Default: 3600. */
  readonly limit?: number | undefined
  /** How many come back a second. Default: a 3600th of the limit. */
  readonly perSecond?: number | undefined
}

export interface RateLimit {
  /** Spends one request; false where none is left. */
  readonly spend: () => boolean
  readonly headers: () => Readonly<Record<string, string>>
}

/** A bucket that refills by the clock: https://docs.hetzner.cloud/reference/cloud#description/rate-limiting. */
export const createRateLimit = (
  clock: Clock,
  { limit = 3600, perSecond = limit / 3600 }: RateLimitOptions = {},
): RateLimit => {
  let left = limit
  let at = clock()
  const refill = (): void => {
    const now = clock()
    left = Math.min(limit, left + (Math.max(0, now - at) / 1000) * perSecond)
    at = now
  }
  return {
    spend: () => {
      refill()
      if (left < 1) return false
      left--
      return true
    },
    headers: () => {
      refill()
      return {
        'ratelimit-limit': String(limit),
        'ratelimit-remaining': String(Math.floor(left)),
        'ratelimit-reset': String(Math.ceil(at / 1000 + (limit - left) / perSecond)),
      }
    },
  }
}
