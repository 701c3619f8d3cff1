import {
  createUsageLookup,
  computeMonthlyCost,
  type CloudIdentity,
  type Image,
  type MonthlyCost,
  type Prices,
  type UsageState,
} from '@imago/core'
import { formatCloud } from '@imago/provider-kit'
import type { ObservedFacts, ObservedPart } from '../../listing/usage-selection.ts'
import { createCostColumn } from '../../observing/cost-column.ts'
import { describeUsage } from '../../observing/usage-text.ts'
import { column, type ColumnSet } from '../../output/column.ts'
import { imageColumns } from '../../output/columns.ts'

interface CloudFacts {
  readonly lookUpUsage: ((image: Image) => UsageState) | null
  readonly prices: Prices | null
}

/** The usage and prices of the listed clouds. */
export interface FactsStore {
  /** Adds the facts of a cloud, before any of its images is printed or sorted. */
  readonly add: (cloud: CloudIdentity, facts: ObservedFacts) => void
  /** `null`: the usage of its cloud was not requested. */
  readonly lookUpUsage: (image: Image) => UsageState | null
  readonly lookUpCost: (image: Image) => MonthlyCost
}

export const createFactsStore = (): FactsStore => {
  const byCloud = new Map<string, CloudFacts>()
  return {
    add: (cloud, { usage, prices }) => {
      const key = formatCloud(cloud)
      if (!byCloud.has(key))
        byCloud.set(key, {
          lookUpUsage: usage === null ? null : createUsageLookup({ usage }),
          prices: prices?.prices ?? null,
        })
    },
    lookUpUsage: (image) => byCloud.get(formatCloud(image.ref))?.lookUpUsage?.(image) ?? null,
    lookUpCost: (image) => computeMonthlyCost(image, byCloud.get(formatCloud(image.ref))?.prices ?? null),
  }
}

/** The columns of `imago list`: those of images, and `usedBy` and `cost`, which need more than the images. */
export const createListColumns = ({ lookUpUsage, lookUpCost }: FactsStore): ColumnSet<Image> => ({
  ...imageColumns,
  all: [
    ...imageColumns.all,
    column<Image>('usedBy', 'USED BY', (image) => describeUsage(lookUpUsage(image))),
    createCostColumn<Image>(lookUpCost),
  ],
})

/** What the columns that a command names need, in addition to images. */
export const findColumnParts = (named: ReadonlySet<string>): readonly ObservedPart[] => [
  ...(named.has('usedBy') ? (['usage'] as const) : []),
  ...(named.has('cost') ? (['prices'] as const) : []),
]
