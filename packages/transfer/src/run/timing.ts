import type { RetryPolicy, RunTiming } from './options.ts'

export const REAL_TIMING: RunTiming = {
  clock: Date.now,
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', end)
        resolve()
      }
      const timer = setTimeout(end, ms)
      signal?.addEventListener('abort', end)
      if (signal?.aborted === true) end()
    }),
}

/** Six tries, over about a minute. */
export const USUAL_RETRY: RetryPolicy = { attempts: 6, waitMs: 2000, mostMs: 30_000 }
