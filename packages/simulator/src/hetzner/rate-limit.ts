import type { Clock } from '../clock.ts'

/** The size of the bucket, and how fast it refills. */
export interface RateLimitOptions {
  /** The maximum number of requests in the bucket. Default: 3600. */
  readonly limit?: number | undefined
  /** The number of requests added per second. Default: a 3600th of the limit. */
  readonly perSecond?: number | undefined
}

export interface RateLimit {
  /** Takes one request from the bucket; returns false if it is empty. */
  readonly spend: () => boolean
  readonly headers: () => Readonly<Record<string, string>>
}

/** Creates a bucket that refills by the clock: https://docs.hetzner.cloud/reference/cloud#description/rate-limiting. */
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
