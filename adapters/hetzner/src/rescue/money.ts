import { trimTrailing } from '@imago/core/provider'
const PLACES = 10n
const ONE = 10n ** PLACES

/** Parses a decimal as an integer of 10^-10; `null`: it is not one. */
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

/** `price` times `part / whole`, to ten places, rounded down, without floating point; `null`: the price is not a number. */
export const computeShare = (price: string, part: number, whole: number): string | null => {
  const each = scaled(price)
  return each === null ? null : formatAmount((each * BigInt(Math.ceil(part))) / BigInt(whole))
}
