import { setImmediate, setTimeout } from 'node:timers/promises'
import type { AbortSignalLike } from '@imago/core/provider'

/** A clock, a sleep function and a random source, as sources with retries accept them. */
export interface FastTiming {
  /** Milliseconds. */
  readonly clock: () => number
  readonly sleep: (ms: number, signal?: AbortSignalLike) => Promise<void>
  readonly random: () => number
}

/** A sleep of at least this length is a timeout, not a pause between retries: it lasts its full time. */
const LIMIT_MS = 30_000
/** The longest delay that Node's timers accept. */
const LONGEST_MS = 2 ** 31 - 1

/**
 * Creates the timing of a source whose pauses take no time, to test retries: the clock advances to the end of each pause. Concurrent pauses overlap.
 */
export const createFastTiming = (): FastTiming => {
  let skipped = 0
  const clock = (): number => Date.now() + skipped
  return {
    clock,
    sleep: async (ms, signal) => {
      if (ms < LIMIT_MS) {
        const end = clock() + ms
        // Let concurrent pauses start first.
        await setImmediate()
        skipped += Math.max(0, end - clock())
        return
      }
      const ended = new AbortController()
      const end = (): void => ended.abort()
      if (signal?.aborted === true) end()
      signal?.addEventListener('abort', end)
      await setTimeout(Math.min(ms, LONGEST_MS), undefined, { signal: ended.signal, ref: false }).catch(() => undefined)
      signal?.removeEventListener('abort', end)
    },
    random: () => 0,
  }
}
