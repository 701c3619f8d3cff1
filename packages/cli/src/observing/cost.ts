import { monthlyCost, totalMonthlyCosts, type CloudObservation, type Image, type MonthlyCost } from '@imago/core'
import { formatCloud } from '@imago/provider-kit'

/** Computes the monthly storage cost of an image by the prices of its cloud. */
export const createCostLookup = (clouds: readonly CloudObservation[]): ((image: Image) => MonthlyCost) => {
  const pricesOfCloud = new Map(clouds.map(({ cloud, prices }) => [formatCloud(cloud), prices.prices]))
  return (image) => monthlyCost(image, pricesOfCloud.get(formatCloud(image.ref)) ?? null)
}

/** Decimal places of amounts: a small snapshot costs a fraction of a cent. */
const PLACES = 4

const roundForPeople = (amount: string): string => {
  const [whole = '0', fraction = ''] = amount.split('.')
  if (fraction.length <= 2) return `${whole}.${fraction.padEnd(2, '0')}`
  return Number(amount).toFixed(PLACES)
}

/** Formats a net price: `0.06 EUR`; `null`: unknown. */
export const formatCost = (cost: MonthlyCost): string | null =>
  cost.amount === null ? null : `${roundForPeople(cost.amount.net ?? cost.amount.gross ?? '0')} ${cost.currency}`

/** Formats the monthly cost of several images: `1.20 EUR`; `null`: the cost of every image is unknown. */
export const formatTotalCost = (costs: readonly MonthlyCost[]): string | null => {
  const totals = totalMonthlyCosts(costs)
  return totals.length === 0
    ? null
    : totals
        .map(({ amount, currency }) => `${roundForPeople(amount.net ?? amount.gross ?? '0')} ${currency}`)
        .join(' + ')
}
