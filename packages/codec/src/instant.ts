import * as t from 'io-ts'

/** RFC 3339 in UTC with seconds: `2016-01-30T23:50:00Z`. A fraction is kept if it is not zero, without trailing zeros. */
export type Instant = string

const SPELLINGS =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)? ?([Zz]|UTC|[+-]\d{2}(?::?\d{2})?)?$/
const DATE = /^\d{4}-\d{2}-\d{2}$/

const isDigit = (code: number): boolean => code >= 48 && code <= 57
const twoDigits = (text: string, at: number): number => (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48

const countDays = (year: number, month: number): number => {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

const isCalendarDate = (year: number, month: number, day: number): boolean =>
  month >= 1 && month <= 12 && day >= 1 && day <= countDays(year, month)

/** Whether the first 19 characters are `YYYY-MM-DDTHH:MM:SS` and a valid time. Nearly every date of an API takes this path, which allocates nothing. */
const startsCanonically = (text: string): boolean => {
  for (let at = 0; at < 19; at++) {
    const code = text.charCodeAt(at)
    if (
      at === 4 || at === 7
        ? code !== 45
        : at === 10
          ? code !== 84
          : at === 13 || at === 16
            ? code !== 58
            : !isDigit(code)
    )
      return false
  }
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2)
  return (
    isCalendarDate(year, twoDigits(text, 5), twoDigits(text, 8)) &&
    twoDigits(text, 11) < 24 &&
    twoDigits(text, 14) < 60 &&
    twoDigits(text, 17) < 60
  )
}

/** Offset from UTC, in minutes; `undefined`: invalid. */
const parseOffset = (zone: string | undefined): number | undefined => {
  if (zone === undefined || zone === 'Z' || zone === 'z' || zone === 'UTC') return 0
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0')
  const [hours, minutes] = [twoDigits(digits, 0), twoDigits(digits, 2)]
  if (hours > 23 || minutes > 59) return undefined
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}

const withoutTrailingZeros = (digits: string): string => {
  let end = digits.length
  while (digits.charCodeAt(end - 1) === 48) end--
  return digits.slice(0, end)
}

const parseSpelling = (text: string): Instant | undefined => {
  const match = SPELLINGS.exec(text)
  if (match === null) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = match.slice(1, 6).map(Number)
  const second = Number(match[6] ?? 0)
  const offset = parseOffset(match[8])
  if (offset === undefined || !isCalendarDate(year, month, day) || hour > 23 || minute > 59 || second > 59)
    return undefined
  // Date.UTC takes the years 0 to 99 for 1900 to 1999.
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  date.setUTCHours(hour, minute - offset, second)
  const utcYear = date.getUTCFullYear()
  if (utcYear < 0 || utcYear > 9999) return undefined
  const fraction = withoutTrailingZeros(match[7] ?? '')
  return `${date.toISOString().slice(0, 19)}${fraction === '' ? '' : `.${fraction}`}Z`
}

const parse = (text: string): Instant | undefined => {
  if (text.length === 20 && text.charCodeAt(19) === 90 && startsCanonically(text)) return text
  if (text.length === 25 && text.endsWith('+00:00') && startsCanonically(text)) return `${text.slice(0, 19)}Z`
  return parseSpelling(text)
}

/** In characters. No client writes a longer date: Go's has nine fractional digits. */
const LONGEST = 64

/** A cache indexed by the seconds: the guard parses a date to check it, and then the mapping parses the same string. */
const recentTexts: string[] = Array.from({ length: 64 }, () => '')
const recentInstants: (Instant | undefined)[] = Array.from({ length: 64 }, () => undefined)

/**
 * Parses a date and time; `undefined`: not one.
 *
 * It accepts what Hetzner, OpenStack and their clients write: with `Z`, an offset or no zone (then UTC, as OpenStack means it: image tasks return
 * `2020-12-18T05:20:38.000000`), with or without seconds (hcloud-python's fixtures), with a fraction of any length up to 64 characters in total, and with a space in place of `T` (Python's `str`).
 */
export const toInstant = (text: string): Instant | undefined => {
  if (text.length < 16 || text.length > LONGEST) return undefined
  const slot = (text.charCodeAt(15) * 7 + text.charCodeAt(17) * 10 + text.charCodeAt(18)) & 63
  if (recentTexts[slot] === text) return recentInstants[slot]
  const instant = parse(text)
  recentTexts[slot] = text
  recentInstants[slot] = instant
  return instant
}

/** Like `toInstant`; a date without a time (`2027-04-30`) becomes its first second in UTC. */
export const dateToInstant = (text: string): Instant | undefined =>
  toInstant(DATE.test(text) ? `${text}T00:00:00Z` : text)

/** The domain codec of an instant. It accepts only the canonical spelling. */
export const Instant: t.Type<Instant> = new t.Type(
  'instant',
  (u): u is Instant => typeof u === 'string' && toInstant(u) === u,
  (u, context) => (typeof u === 'string' && toInstant(u) === u ? t.success(u) : t.failure(u, context)),
  t.identity,
)

/** The wire codec of a date. It accepts every spelling that `toInstant` does, and keeps the text. */
export const DateText: t.Type<string> = new t.Type(
  'date-time',
  (u): u is string => typeof u === 'string' && toInstant(u) !== undefined,
  (u, context) => (typeof u === 'string' && toInstant(u) !== undefined ? t.success(u) : t.failure(u, context)),
  t.identity,
)
