import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import * as RA from 'fp-ts/lib/ReadonlyArray.js'
import type { Image } from '../image/image.ts'
import { addDecimals, formatDecimal, parseDecimal, scaleDecimal, ZERO } from './decimal.ts'
import type { Price, Prices } from '../source/prices.ts'

/**
 * Why an image has no cost of its own.
 * - `no-prices`: the cloud's prices for this kind of image are unknown.
 * - `no-size`: its stored size is unknown.
 * - `server-percentage`: it is part of the price of its server, as backups are.
 * - `free`: the provider charges nothing for it.
 */
export type CostUnknown = 'no-prices' | 'no-size' | 'server-percentage' | 'free'

/** What storing an image costs in a month. */
export type MonthlyCost =
  | { readonly amount: Price; readonly currency: string; readonly reason: null }
  | { readonly amount: null; readonly currency: null; readonly reason: CostUnknown }

/** Whether the cost of an image is unknown. An image that is not billed by itself has a known cost. */
export const isCostUnknown = ({ reason }: MonthlyCost): boolean => reason === 'no-prices' || reason === 'no-size'

const without = (reason: CostUnknown): MonthlyCost => ({ amount: null, currency: null, reason })

const isWhole = (amount: number): boolean => Number.isSafeInteger(amount) && amount >= 0

/** The price of a number of bytes; `null` if `price` is `null` or not a decimal number. */
const computePrice = (price: string | null, bytes: number, bytesPerGb: number): string | null =>
  pipe(
    O.fromNullable(price),
    O.flatMap(parseDecimal),
    O.map((decimal) => formatDecimal(scaleDecimal(decimal, BigInt(bytes), BigInt(bytesPerGb)))),
    O.toNullable,
  )

/** Computes the monthly cost of storing `image` exactly, without rounding. `prices`: those of the image's cloud; `null`: unknown. */
export const computeMonthlyCost = (image: Pick<Image, 'kind' | 'size'>, prices: Prices | null): MonthlyCost => {
  const basis = prices?.basis[image.kind]
  if (prices === null || basis === undefined) return without('no-prices')
  if (basis !== 'size') return without(basis)
  const { stored } = image.size
  if (stored === null || !isWhole(stored)) return without('no-size')
  const { currency, perGbMonth, bytesPerGb } = prices
  if (!isWhole(bytesPerGb) || bytesPerGb === 0) return without('no-prices')
  const amount = {
    net: computePrice(perGbMonth.net, stored, bytesPerGb),
    gross: computePrice(perGbMonth.gross, stored, bytesPerGb),
  }
  return amount.net === null && amount.gross === null ? without('no-prices') : { amount, currency, reason: null }
}

/** The total cost of several images in one currency. */
export interface CostTotal {
  readonly currency: string
  /** Exact. `net` or `gross` is `null` if one of the images has none. */
  readonly amount: Price
  /** Number of images in the sum. */
  readonly images: number
}

const sum = (amounts: readonly (string | null)[]): string | null =>
  pipe(
    amounts,
    RA.traverse(O.Applicative)((amount) => pipe(O.fromNullable(amount), O.flatMap(parseDecimal))),
    O.map((decimals) => formatDecimal(decimals.reduce(addDecimals, ZERO))),
    O.toNullable,
  )

/** Sums `costs` per currency, sorted by currency. Costs without an amount are left out. */
export const totalMonthlyCosts = (costs: readonly MonthlyCost[]): readonly CostTotal[] => {
  const known = costs.flatMap((cost) => (cost.amount === null ? [] : [cost]))
  return [...new Set(known.map(({ currency }) => currency))].sort().map((currency) => {
    const amounts = known.flatMap((cost) => (cost.currency === currency ? [cost.amount] : []))
    return {
      currency,
      amount: { net: sum(amounts.map(({ net }) => net)), gross: sum(amounts.map(({ gross }) => gross)) },
      images: amounts.length,
    }
  })
}
