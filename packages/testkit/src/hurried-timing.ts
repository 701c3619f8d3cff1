import { setTimeout } from 'node:timers/promises'
import type { AbortSignalLike } from '@imago/core'

/** A clock, a sleep and chance, as a source takes them that tries again. */
export interface HurriedTiming {
  /** Milliseconds. */
  readonly clock: () => number
  readonly sleep: (ms: number, signal?: AbortSignalLike) => Promise<void>
  readonly random: () => number
}

/** What is at least as long is no pause between two tries, but a limit to them: it lasts as long as it says. */
const LIMIT_MS = 60_000
/** The longest that Node's timers know. */
const LONGEST_MS = 2 ** 31 - 1

/** The timing of a source whose pauses take no time, so that its retries can be tried: the clock goes forward by each. */
export const createHurriedTiming = (): HurriedTiming => {
  let skipped = 0
  return {
    clock: () => Date.now() + skipped,
    sleep: async (ms, signal) => {
      if (ms < LIMIT_MS) {
        skipped += ms
        return
      }
      const ended = new AbortController()
      const end = (): void => ended.abort()
      if (signal?.aborted === true) end()
      signal?.addEventListener('abort', end)
      await setTimeout(Math.min(ms, LONGEST_MS), undefined, { signal: ended.signal, ref: false }).catch(() => undefined)
      signal?.removeEventListener('abort', end)
    },
    random: () => 0.5,
  }
}
