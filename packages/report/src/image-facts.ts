import {
  createUsageLookup,
  computeMonthlyCost,
  type CloudObservation,
  type Image,
  type MonthlyCost,
  type UsageState,
} from '@imago/core'
import { daysBetween, findExpiries, planPrune, type Expiry, type PruneRow } from '@imago/lifecycle'
import type { ReportInput } from './report-input.ts'

/** An image with the facts that the report shows. */
export interface ImageFacts {
  readonly image: Image
  readonly cloud: CloudObservation
  readonly usage: UsageState
  readonly cost: MonthlyCost
  /** The earliest date; `null`: none is known. */
  readonly expiry: Expiry | null
  /** Calendar days (UTC) from the observation to that date. */
  readonly days: number | null
  /** Whether `imago prune` would delete it if it were selected, and why. */
  readonly prune: PruneRow | null
}

const readCloud = (
  cloud: CloudObservation,
  { observation, supportData, level }: ReportInput,
): readonly ImageFacts[] => {
  const lookUpUsage = createUsageLookup(cloud)
  const rows = new Map(planPrune(cloud, { isSelected: () => true }).map((row) => [row.image, row]))
  const now = Date.parse(observation.at)
  return cloud.images.items.map((image) => {
    const [expiry = null] = findExpiries(image, supportData, level)
    return {
      image,
      cloud,
      usage: lookUpUsage(image),
      cost: computeMonthlyCost(image, cloud.prices.prices),
      expiry,
      days: expiry === null ? null : daysBetween(now, Date.parse(expiry.date)),
      prune: rows.get(image) ?? null,
    }
  })
}

/** The facts of all observed images, in the order of the clouds, then by name and ID. */
export const readFacts = (input: ReportInput): readonly ImageFacts[] =>
  input.observation.clouds.flatMap((cloud) =>
    readCloud(cloud, input).toSorted((a, b) => {
      const [left, right] = [a, b].map(
        ({ image }) => `${image.name ?? image.description ?? '\uffff'}\u0000${image.ref.id}`,
      )
      return (left ?? '') < (right ?? '') ? -1 : 1
    }),
  )
