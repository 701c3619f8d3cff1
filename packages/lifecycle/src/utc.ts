/** Milliseconds since the epoch of an RFC 3339 instant, or of a day (`2026-11-30`: its beginning, in UTC). */
export const toMs = (instant: string): number => Date.parse(instant)

/** The day of an instant, in UTC: `2026-11-30`. */
export const toDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

const DAY_MS = 86_400_000

/** The days from one time to another, counted as calendar days in UTC: tomorrow is 1. */
export const daysBetween = (fromMs: number, toMs: number): number =>
  Math.floor(toMs / DAY_MS) - Math.floor(fromMs / DAY_MS)

/** The Monday of the ISO week that contains a time, in UTC: `2026-11-30`. */
export const toWeek = (ms: number): string => {
  const weekday = (new Date(ms).getUTCDay() + 6) % 7
  return toDay(ms - weekday * DAY_MS)
}
