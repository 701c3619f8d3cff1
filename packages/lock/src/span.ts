const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** A month is 30 days and a year 365. */
const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ['h', HOUR_MS],
  ['d', DAY_MS],
  ['w', 7 * DAY_MS],
  ['mo', 30 * DAY_MS],
  ['y', 365 * DAY_MS],
])

export const SPAN_FORMS = '12h, 90d, 8w, 6mo or 1y'

/** Parses a span such as `90d` to milliseconds. */
export const parseSpan = (text: string): number | null => {
  const [, amount = '', unit = ''] = /^(\d{1,5})(h|d|w|mo|y)$/.exec(text) ?? []
  const unitMs = UNIT_MS.get(unit)
  return unitMs === undefined ? null : Number(amount) * unitMs
}

/** Adds milliseconds to an instant, in whole seconds. */
export const instantAfter = (instant: string, ms: number): string =>
  new Date(Math.floor((Date.parse(instant) + ms) / 1000) * 1000).toISOString().replace('.000Z', 'Z')
