import { observe } from './observe.ts'

/**
 * The same bytes; `onProgress` is called after each chunk with the number of bytes that have passed.
 * @param from number of bytes before the first one.
 */
export const countBytes = (
  bytes: AsyncIterable<Uint8Array>,
  onProgress: (passed: number) => void,
  from = 0,
): AsyncIterable<Uint8Array> => {
  let passed = from
  return observe(bytes, (chunk) => {
    passed += chunk.length
    onProgress(passed)
  })
}

/** Measures the rate of bytes. */
export interface Rate {
  /** Takes the total number of bytes so far. If it decreases, measuring starts again. */
  readonly note: (passed: number) => void
  /** Bytes per second over the last few seconds; `null` in the first second. */
  readonly perSecond: () => number | null
  /** Seconds until `total` bytes have passed at this rate; `null`: unknown. */
  readonly secondsTo: (total: number | null) => number | null
}

const MIN_MEASURED_MS = 1000
/** The least time between samples. */
const STEP_MS = 250

/**
 * Measures the rate over the last `windowMs` milliseconds, so that a stall is visible after that time.
 * @param clock in milliseconds.
 */
export const createRate = (clock: () => number, windowMs = 10_000): Rate => {
  let samples: { readonly at: number; readonly passed: number }[] = []
  let last: number | null = null
  const trim = (now: number): void => {
    // One sample at or before the beginning of the window is kept.
    while (samples[1] !== undefined && now - samples[1].at >= windowMs) samples.shift()
  }
  const perSecond = (): number | null => {
    const now = clock()
    trim(now)
    const [first] = samples
    if (first === undefined || last === null || now - first.at < MIN_MEASURED_MS) return null
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
