import { dateToInstant } from '@imago/codec'
import { formatInstant, parsePeriod, shiftTime, type Period } from '@imago/core'
import { EXIT } from '../exit-code.ts'
import { Problem } from '../problem.ts'

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

/** The period of `--within`: `30d`. A period that ends after the year 9999, counted from `now`, is invalid. */
export const parseWithin = (text: string, now: number): { readonly period: Period; readonly end: number } => {
  const period = parsePeriod(text)
  const end = period === null ? null : shiftTime(now, period, 1)
  if (period !== null && end !== null) return { period, end }
  throw new Problem(
    `--within: invalid value ${JSON.stringify(text)}. Use a time such as 30d, 8w, 6mo or 1y`,
    EXIT.usage,
  )
}
