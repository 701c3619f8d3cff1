import { setImmediate, setTimeout } from 'node:timers/promises'
import type { AbortSignalLike } from '@imago/core/provider'

/** A clock, a sleep and chance, as a source takes them that tries again. */
export interface HurriedTiming {
  /** Milliseconds. */
  readonly clock: () => number
  readonly sleep: (ms: number, signal?: AbortSignalLike) => Promise<void>
  readonly random: () => number
}

/** What is at least as long is no pause between two tries, but a limit to them, or what is left of one: it lasts as long as it says. */
const LIMIT_MS = 30_000
/** The longest that Node's timers know. */
const LONGEST_MS = 2 ** 31 - 1

/** The timing of a source whose pauses take no time, so that its retries can be tried: the clock goes forward to the end of each. Pauses at the same time overlap. */
export const createHurriedTiming = (): HurriedTiming => {
  let skipped = 0
  const clock = (): number => Date.now() + skipped
  return {
    clock,
    sleep: async (ms, signal) => {
      if (ms < LIMIT_MS) {
        const end = clock() + ms
        // Whoever pauses at the same time begins to now.
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
