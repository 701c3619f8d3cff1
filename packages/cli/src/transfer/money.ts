import type { Money } from '@imago/transfer'

/** Splits a decimal number into its digits and the number of decimal places, without rounding. */
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

/** Adds amounts exactly, by currency. */
export const addMoney = (sums: readonly Money[]): readonly Money[] => {
  const added = new Map<string, string>()
  for (const { amount, currency } of sums) added.set(currency, addAmounts(added.get(currency) ?? '0', amount))
  return [...added].map(([currency, amount]) => ({ amount, currency }))
}
