import type { RunRetryPolicy, RunTiming } from './options.ts'

/** A timer of Node holds no more milliseconds: a longer one would end at once. */
const LONGEST_MS = 2 ** 31 - 1

export const REAL_TIMING: RunTiming = {
  clock: Date.now,
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', end)
        resolve()
      }
      const timer = setTimeout(end, Math.min(ms, LONGEST_MS))
      signal?.addEventListener('abort', end)
      if (signal?.aborted === true) end()
    }),
}

/** Six tries, over about a minute. */
export const DEFAULT_RETRY: RunRetryPolicy = { attempts: 6, waitMs: 2000, maxWaitMs: 30_000 }
