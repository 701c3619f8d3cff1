import { dateToInstant } from '@imago/codec'
import { EXIT } from '../exit-code.ts'
import { Problem } from '../problem.ts'

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 }
const UNIT_MONTHS: Readonly<Record<string, number>> = { mo: 1, y: 12 }

/** A duration that people write: a number of milliseconds, or of calendar months, whose length depends on the date. */
export type Period = { readonly ms: number } | { readonly months: number }

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

/** An RFC 3339 instant with whole seconds. */
export const formatInstant = (ms: number): string =>
  new Date(Math.floor(ms / 1000) * 1000).toISOString().replace('.000Z', 'Z')

const parseInstant = (option: string, text: string, now: number, sign: 1 | -1): string => {
  const period = parsePeriod(text)
  const ms = period === null ? null : shiftTime(now, period, sign)
  const instant = period === null ? dateToInstant(text) : ms === null ? undefined : formatInstant(ms)
  if (instant === undefined)
    throw new Problem(
      `${option}: invalid value ${JSON.stringify(text)}. Use ${sign === 1 ? 'a time from now' : 'an age'} (90m, 12h, 30d, 8w, 6mo, 1y) or a date (2026-01-31, 2026-01-31T12:00:00Z)`,
      EXIT.usage,
    )
  return instant
}

/**
 * The instant of an age or a date: `30d`, `6mo`, `2026-01-31`, `2026-01-31T12:00:00Z`.
 * @param now Milliseconds since the epoch.
 */
export const parseAge = (option: string, text: string, now: number): string => parseInstant(option, text, now, -1)

/** As `parseAge`, but periods are in the future: `30d` is 30 days from now. */
export const parseDeadline = (option: string, text: string, now: number): string => parseInstant(option, text, now, 1)
