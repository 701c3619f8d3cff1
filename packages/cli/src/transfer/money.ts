import type { Money } from '@imago/transfer'

/** A decimal number as providers write it, without rounding: its digits, and how many of them are behind the point. */
const splitDecimal = (amount: string): readonly [digits: bigint, places: number] => {
  const [whole = '0', part = ''] = amount.split('.')
  return [BigInt(whole + part), part.length]
}

const addAmounts = (one: string, other: string): string => {
  const [[a, m], [b, n]] = [splitDecimal(one), splitDecimal(other)]
  const places = Math.max(m, n)
  const digits = String(a * 10n ** BigInt(places - m) + b * 10n ** BigInt(places - n)).padStart(places + 1, '0')
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`
}

/** One sum for each currency, to the last digit. */
export const addMoney = (sums: readonly Money[]): readonly Money[] => {
  const added = new Map<string, string>()
  for (const { amount, currency } of sums) added.set(currency, addAmounts(added.get(currency) ?? '0', amount))
  return [...added].map(([currency, amount]) => ({ amount, currency }))
}
