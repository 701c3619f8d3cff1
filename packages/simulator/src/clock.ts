/** Returns milliseconds since 1970. All dates, durations and limits of a simulator use it. */
export type Clock = () => number

/** The system clock. */
export const systemClock: Clock = () => Date.now()

/** A clock that advances only on request. */
export interface ManualClock {
  readonly now: Clock
  /** Advances the clock by this many milliseconds. */
  readonly advance: (ms: number) => void
}

/** Creates a manual clock; `start` in milliseconds since 1970. */
export const createManualClock = (start: number): ManualClock => {
  let time = start
  return { now: () => time, advance: (ms) => void (time += ms) }
}
