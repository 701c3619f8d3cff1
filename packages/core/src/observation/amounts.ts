import * as O from 'fp-ts/lib/Option.js'
import { addDecimals, formatDecimal, parseDecimal, type Decimal } from './decimal.ts'
import { totalMonthlyCosts, type MonthlyCost } from './monthly-cost.ts'

/** An amount of money. */
export interface Amount {
  /** A plain decimal number: `0.0041`. */
  readonly amount: string
  /** ISO 4217. */
  readonly currency: string
}

/** Rounds half up to cents. Above zero, the result is at least a cent, because `0.00` reads as free. */
const roundToCents = ({ digits, scale }: Decimal): Decimal => {
  const unit = 10n ** BigInt(scale)
  const cents = (digits * 200n + unit) / (unit * 2n)
  return { digits: cents === 0n && digits > 0n ? 1n : cents, scale: 2 }
}

/** Formats an amount for people, to the cent: `0.06 EUR`. Less than a cent is shown as `0.01 EUR`. A text that is no decimal number stays as it is. */
export const formatAmount = ({ amount, currency }: Amount): string => {
  const decimal = parseDecimal(amount)
  if (O.isNone(decimal)) return `${amount} ${currency}`
  const [whole = '0', fraction = ''] = formatDecimal(roundToCents(decimal.value)).split('.')
  return `${whole}.${fraction.padEnd(2, '0')} ${currency}`
}

/** Formats amounts for people: `0.06 EUR + 1.20 USD`. */
export const formatAmounts = (amounts: readonly Amount[]): string => amounts.map(formatAmount).join(' + ')

/** Adds amounts exactly, one sum for each currency in order of appearance. A text that is no decimal number is returned after the sums, unchanged. */
export const addAmounts = (amounts: readonly Amount[]): readonly Amount[] => {
  const sums = new Map<string, Decimal>()
  const others: Amount[] = []
  for (const one of amounts) {
    const decimal = parseDecimal(one.amount)
    if (O.isNone(decimal)) others.push(one)
    else {
      const sum = sums.get(one.currency)
      sums.set(one.currency, sum === undefined ? decimal.value : addDecimals(sum, decimal.value))
    }
  }
  return [...[...sums].map(([currency, sum]) => ({ amount: formatDecimal(sum), currency })), ...others]
}

const isZero = ({ amount }: Amount): boolean => {
  const decimal = parseDecimal(amount)
  return O.isSome(decimal) && decimal.value.digits === 0n
}

/** Formats the parts of a cost that are above zero: `about 0.04 EUR once, 1.20 EUR a month`. `null`: there are none. */
export const describeCosts = (once: readonly Amount[], monthly: readonly Amount[] = []): string | null => {
  const parts = [
    { amounts: once, when: 'once' },
    { amounts: monthly, when: 'a month' },
  ].flatMap(({ amounts, when }) => {
    const known = addAmounts(amounts).filter((amount) => !isZero(amount))
    return known.length === 0 ? [] : [`${formatAmounts(known)} ${when}`]
  })
  return parts.length === 0 ? null : `about ${parts.join(', ')}`
}

/**
 * Formats the sums of monthly costs for people, one for each currency, in net prices: `1.20 EUR`, or `1.43 EUR gross` if only gross prices are known.
 * `null`: no cost is known.
 */
export const formatMonthlyCosts = (costs: readonly MonthlyCost[]): string | null => {
  const sums = totalMonthlyCosts(costs).flatMap(({ amount: { net, gross }, currency }) => {
    if (net !== null) return [formatAmount({ amount: net, currency })]
    return gross === null ? [] : [`${formatAmount({ amount: gross, currency })} gross`]
  })
  return sums.length === 0 ? null : sums.join(' + ')
}

/** Whether the formatted sums are net prices only. Gross prices are named in the text. */
export const areNet = (costs: readonly MonthlyCost[]): boolean =>
  totalMonthlyCosts(costs).every(({ amount: { net, gross } }) => net !== null || gross === null)

/** Describes the sums of monthly costs: `1.20 EUR a month net`. `null`: no cost is known. */
export const describeMonthlyCosts = (costs: readonly MonthlyCost[]): string | null => {
  const sum = formatMonthlyCosts(costs)
  return sum === null ? null : `${sum} a month${areNet(costs) ? ' net' : ''}`
}
