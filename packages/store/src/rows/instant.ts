import type { Instant } from '@imago/codec'
import { trimTrailing } from '@imago/core'

const MILLION = 1_000_000n
const SECONDS = 'YYYY-MM-DDTHH:MM:SS'.length
const MICROSECONDS = 'YYYY-MM-DDTHH:MM:SS.ffffffZ'.length

/** `digits`: number of digits of the fraction of a second. */
const spell = (seconds: string, digits: string): Instant => {
  const fraction = trimTrailing(digits, '0')
  return fraction === '' ? `${seconds}Z` : `${seconds}.${fraction}Z`
}

/** The six digits of microseconds. */
const fractionDigits = (instant: Instant): string => instant.slice(SECONDS + 1, -1).slice(0, 6)

/** Truncates to microseconds, which every engine supports. */
export const toMicroseconds = (instant: Instant): Instant =>
  instant.length <= MICROSECONDS ? instant : spell(instant.slice(0, SECONDS), fractionDigits(instant))

/** Microseconds since the epoch. */
export const instantToMicros = (instant: Instant): bigint =>
  BigInt(Date.parse(`${instant.slice(0, SECONDS)}Z`)) * 1000n + BigInt(fractionDigits(instant).padEnd(6, '0'))

/** The instant of microseconds since the epoch. */
export const microsToInstant = (micros: bigint): Instant => {
  const fraction = ((micros % MILLION) + MILLION) % MILLION
  const seconds = new Date(Number((micros - fraction) / 1000n)).toISOString().slice(0, SECONDS)
  return spell(seconds, String(fraction).padStart(6, '0'))
}

/** The time of a run in milliseconds, with a fixed length, because SQLite compares text. */
export const toRunTime = (instant: Instant): string => new Date(Date.parse(instant)).toISOString()
