import type { RunRetryPolicy, RunTiming } from './options.ts'

/** The longest timer of Node, in milliseconds: a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1

export const REAL_TIMING: RunTiming = {
  clock: Date.now,
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', end)
        resolve()
      }
      const timer = setTimeout(end, Math.min(ms, MAX_TIMER_MS))
      signal?.addEventListener('abort', end)
      if (signal?.aborted === true) end()
    }),
}

/** Six attempts, over about a minute. */
export const DEFAULT_RETRY: RunRetryPolicy = { attempts: 6, waitMs: 2000, maxWaitMs: 30_000 }
