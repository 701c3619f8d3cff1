import { ABORTED, raceAbort, type AbortSignalLike } from '@imago/core/provider'
import { setTimeout as timer } from 'node:timers/promises'

/** Time and chance, as parameters: so that waiting can be tested without waiting. Times are in milliseconds. */
export interface Timing {
  /** Milliseconds since the epoch. */
  readonly clock: () => number
  /** Resolves after `ms`, or as soon as the signal aborts; never rejects. */
  readonly sleep: (ms: number, signal?: AbortSignalLike) => Promise<void>
  /** From 0 up to, not including, 1. */
  readonly random: () => number
}

/** A timer of Node holds no more: a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** The real ones. */
export const systemTiming: Timing = {
  clock: () => Date.now(),
  sleep: async (ms, signal) => {
    const ended = new AbortController()
    await raceAbort(
      timer(Math.min(ms, LONGEST_TIMER_MS), undefined, { signal: ended.signal }).catch(() => undefined),
      signal,
    )
    ended.abort()
  },
  random: () => Math.random(),
}

/** Sleeps; `false` if the signal came first. */
export const pause = async (
  ms: number,
  sleep: Timing['sleep'],
  signal: AbortSignalLike | undefined,
): Promise<boolean> => (await raceAbort(sleep(ms, signal), signal)) !== ABORTED && signal?.aborted !== true
