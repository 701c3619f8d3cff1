import { observe } from './observe.ts'

/** The same bytes; after each chunk `tell` hears how many have passed. `from`: how many there were before. */
export const countBytes = (bytes: AsyncIterable<Uint8Array>, tell: (passed: number) => void, from = 0): AsyncIterable<Uint8Array> => {
  let passed = from
  return observe(bytes, (chunk) => {
    passed += chunk.length
    tell(passed)
  })
}

/** How fast bytes pass. */
export interface Rate {
  /** `passed`: how many there have been in all. It may fall: then the measuring starts anew. */
  readonly note: (passed: number) => void
  /** Bytes per second over the last few seconds; `null` until a second has gone by. */
  readonly perSecond: () => number | null
  /** Seconds until `total` will have passed, at this rate; `null` where that cannot be said. */
  readonly secondsTo: (total: number | null) => number | null
}

const LEAST_MS = 1000
/** Samples nearer to each other than this are one. */
const STEP_MS = 250

/** Measures over the last `windowMs` milliseconds: a stall shows within that time, a burst does not carry further. `clock`: milliseconds. */
export const createRate = (clock: () => number, windowMs = 10_000): Rate => {
  let samples: { readonly at: number; readonly passed: number }[] = []
  let last: number | null = null
  const trim = (now: number): void => {
    // One sample at the edge of the window or before it is kept, to measure from.
    while (samples[1] !== undefined && now - samples[1].at >= windowMs) samples.shift()
  }
  const perSecond = (): number | null => {
    const now = clock()
    trim(now)
    const [first] = samples
    if (first === undefined || last === null || now - first.at < LEAST_MS) return null
    return ((last - first.passed) * 1000) / (now - first.at)
  }
  return {
    note: (passed) => {
      const now = clock()
      if (last !== null && passed < last) samples = []
      const latest = samples.at(-1)
      if (latest === undefined || now - latest.at >= STEP_MS) samples.push({ at: now, passed })
      last = passed
      trim(now)
    },
    perSecond,
    secondsTo: (total) => {
      const rate = perSecond()
      return total === null || last === null || rate === null || rate <= 0 ? null : Math.max(0, total - last) / rate
    },
  }
}
