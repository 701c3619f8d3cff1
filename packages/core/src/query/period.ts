const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 }
const UNIT_MONTHS: Readonly<Record<string, number>> = { mo: 1, y: 12 }

/** A duration that people write: a number of milliseconds, or of calendar months, whose length depends on the date. */
export type Period = { readonly ms: number } | { readonly months: number }

/** The accepted forms, for messages. */
export const PERIOD_FORMS = '90m, 12h, 30d, 8w, 6mo or 1y'

/** Parses `90m`, `12h`, `30d`, `8w`, `6mo`, `1y`; `null`: invalid. */
export const parsePeriod = (text: string): Period | null => {
  const [, amount, unit = ''] = /^(\d{1,6})(mo|[mhdwy])$/.exec(text) ?? []
  if (amount === undefined) return null
  const months = UNIT_MONTHS[unit]
  if (months !== undefined) return { months: Number(amount) * months }
  return { ms: Number(amount) * (UNIT_MS[unit] ?? 0) }
}

/** The last day of a month at most: a month before 31 March is 28 February. */
const addMonths = (ms: number, months: number): number => {
  const date = new Date(ms)
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + months)
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(day, lastDay))
  return date.getTime()
}

/** Instants have years of four digits. */
const EARLIEST_MS = Date.parse('0001-01-01T00:00:00Z')
const LATEST_MS = Date.parse('9999-12-31T23:59:59Z')

/** A time so much later, or with `sign` -1 earlier, in milliseconds since the epoch; `null`: beyond the years 1 to 9999. */
export const shiftTime = (ms: number, period: Period, sign: 1 | -1): number | null => {
  const shifted = 'ms' in period ? ms + sign * period.ms : addMonths(ms, sign * period.months)
  return shifted >= EARLIEST_MS && shifted <= LATEST_MS ? shifted : null
}

/** The instant so much later, or with `sign` -1 earlier, than `instant`; `null`: beyond the years 1 to 9999. */
export const shiftInstant = (instant: string, period: Period, sign: 1 | -1): string | null => {
  const shifted = shiftTime(Date.parse(instant), period, sign)
  return shifted === null ? null : formatInstant(shifted)
}

/** Formats milliseconds since the epoch as an RFC 3339 instant with whole seconds. */
export const formatInstant = (ms: number): string =>
  new Date(Math.floor(ms / 1000) * 1000).toISOString().replace('.000Z', 'Z')
