import { ABORTED, raceAbort, type AbortSignalLike } from '@imago/core/provider'
import { setTimeout as timer } from 'node:timers/promises'

/** Clock and randomness as parameters, so that tests need not wait. Times are in milliseconds. */
export interface Timing {
  /** Milliseconds since the epoch. */
  readonly clock: () => number
  /** Resolves after `ms`, or when the signal aborts. Never rejects. */
  readonly sleep: (ms: number, signal?: AbortSignalLike) => Promise<void>
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number
}

/** The longest timer of Node: a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** The clock and randomness of the system. */
export const systemTiming: Timing = {
  clock: () => Date.now(),
  sleep: async (ms, signal) => {
    const ended = new AbortController()
    await raceAbort(
      timer(Math.min(ms, MAX_TIMER_MS), undefined, { signal: ended.signal }).catch(() => undefined),
      signal,
    )
    ended.abort()
  },
  random: () => Math.random(),
}

/** Sleeps; false: the signal aborted it. */
export const pause = async (
  ms: number,
  sleep: Timing['sleep'],
  signal: AbortSignalLike | undefined,
): Promise<boolean> => (await raceAbort(sleep(ms, signal), signal)) !== ABORTED && signal?.aborted !== true
