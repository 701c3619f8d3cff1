/** The time in milliseconds since 1970. Everything a simulator dates, counts down or refills goes by it. */
export type Clock = () => number

/** The computer's own time. */
export const systemClock: Clock = () => Date.now()

/** A clock that stands still until it is moved. */
export interface ManualClock {
  readonly now: Clock
  /** Moves it on by so many milliseconds. */
  readonly advance: (ms: number) => void
}

/** A clock that a test moves; `start` in milliseconds since 1970. */
export const createManualClock = (start: number): ManualClock => {
  let time = start
  return { now: () => time, advance: (ms) => void (time += ms) }
}
