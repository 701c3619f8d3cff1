import { monthlyCost, totalMonthlyCosts, type CloudObservation, type Image, type MonthlyCost } from '@imago/core'
import { formatCloud } from '@imago/provider-kit'

/** Looks up what storing an image costs in a month, by the prices of its cloud. */
export const createCostLookup = (clouds: readonly CloudObservation[]): ((image: Image) => MonthlyCost) => {
  const pricesOfCloud = new Map(clouds.map(({ cloud, prices }) => [formatCloud(cloud), prices.prices]))
  return (image) => monthlyCost(image, pricesOfCloud.get(formatCloud(image.ref)) ?? null)
}

/** Places after the point of an amount for people: a small snapshot costs a fraction of a cent. */
const PLACES = 4

const roundForPeople = (amount: string): string => {
  const [whole = '0', fraction = ''] = amount.split('.')
  if (fraction.length <= 2) return `${whole}.${fraction.padEnd(2, '0')}`
  return Number(amount).toFixed(PLACES)
}

/** A net price for people: `0.06 EUR`; `null`: unknown. */
export const formatCost = (cost: MonthlyCost): string | null =>
  cost.amount === null ? null : `${roundForPeople(cost.amount.net ?? cost.amount.gross ?? '0')} ${cost.currency}`

/** What several images cost in a month, for people: `1.20 EUR`; `null`: of none of them the cost is known. */
export const formatTotalCost = (costs: readonly MonthlyCost[]): string | null => {
  const totals = totalMonthlyCosts(costs)
  return totals.length === 0
    ? null
    : totals
        .map(({ amount, currency }) => `${roundForPeople(amount.net ?? amount.gross ?? '0')} ${currency}`)
        .join(' + ')
}
