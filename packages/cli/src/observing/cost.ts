import { computeMonthlyCost, type CloudObservation, type Image, type MonthlyCost } from '@imago/core'
import { formatCloud } from '@imago/provider-kit'

/** Returns a function that computes the monthly storage cost of an image by the prices of its cloud. */
export const createCostLookup = (clouds: readonly CloudObservation[]): ((image: Image) => MonthlyCost) => {
  const pricesOfCloud = new Map(clouds.map(({ cloud, prices }) => [formatCloud(cloud), prices.prices]))
  return (image) => computeMonthlyCost(image, pricesOfCloud.get(formatCloud(image.ref)) ?? null)
}
