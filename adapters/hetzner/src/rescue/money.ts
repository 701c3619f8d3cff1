import { trimTrailing } from '@imago/core/provider'
const PLACES = 10n
const ONE = 10n ** PLACES

/** Decimal text as a whole number of 10^-10; `null`: no such number. */
const scaled = (decimal: string): bigint | null => {
  const match = /^(\d{1,20})(?:\.(\d{1,40}))?$/.exec(decimal)
  return match === null
    ? null
    : BigInt(match[1] ?? '0') * ONE + BigInt((match[2] ?? '').slice(0, Number(PLACES)).padEnd(Number(PLACES), '0'))
}

const formatAmount = (amount: bigint): string => {
  const places = trimTrailing(String(amount % ONE).padStart(Number(PLACES), '0'), '0')
  return places === '' ? String(amount / ONE) : `${amount / ONE}.${places}`
}

/** `price` times `part / whole`, to ten places, rounded down; `null` where the price is no number. No cent goes through a floating point. */
export const computeShare = (price: string, part: number, whole: number): string | null => {
  const each = scaled(price)
  return each === null ? null : formatAmount((each * BigInt(Math.ceil(part))) / BigInt(whole))
}
