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
import { describeOrigins, describeUsage, usageToJson } from '../../observing/usage-text.ts'
import { column, type ColumnSet } from '../../output/column.ts'
import { imageColumns } from '../../output/columns.ts'
import type { ImageAdditions } from '../../output/image-json.ts'
import { isDocumentFormat } from '../../output/rows.ts'
import type { ImageRequest } from '../../output/images.ts'

interface CloudFacts {
  readonly lookUpUsage: ((image: Image) => UsageState) | null
  readonly prices: Prices | null
}

/** The usage and prices of the listed clouds. */
export interface FactsStore {
  /** Adds the facts of a cloud, before any of its images is printed or sorted. Returns whether they are new. */
  readonly add: (cloud: CloudIdentity, facts: ObservedFacts) => boolean
  /** `null`: the usage of its cloud was not requested. */
  readonly lookUpUsage: (image: Image) => UsageState | null
  readonly lookUpCost: (image: Image) => MonthlyCost
}

export const createFactsStore = (): FactsStore => {
  const byCloud = new Map<string, CloudFacts>()
  return {
    add: (cloud, { usage, prices }) => {
      const key = formatCloud(cloud)
      if (byCloud.has(key)) return false
      byCloud.set(key, {
        lookUpUsage: usage === null ? null : createUsageLookup({ usage }),
        prices: prices?.prices ?? null,
      })
      return true
    },
    lookUpUsage: (image) => byCloud.get(formatCloud(image.ref))?.lookUpUsage?.(image) ?? null,
    lookUpCost: (image) => computeMonthlyCost(image, byCloud.get(formatCloud(image.ref))?.prices ?? null),
  }
}

const USAGE_COLUMNS = ['usedBy', 'createdFrom'] as const

/** The columns of `imago list`: those of images, and `usedBy`, `createdFrom` and `cost`, which need more than the images. */
export const createListColumns = ({ lookUpUsage, lookUpCost }: FactsStore): ColumnSet<Image> => ({
  ...imageColumns,
  all: [
    ...imageColumns.all,
    column<Image>('usedBy', 'USED BY', (image) => describeUsage(lookUpUsage(image)), { isAddition: true }),
    column<Image>(
      'createdFrom',
      'CREATED FROM',
      (image) => {
        const usage = lookUpUsage(image)
        return usage === null ? null : describeOrigins(usage)
      },
      { isAddition: true },
    ),
    createCostColumn<Image>(lookUpCost, { isAddition: true }),
  ],
})

/** What the columns that a command names need, in addition to images. */
export const findColumnParts = (named: ReadonlySet<string>): readonly ObservedPart[] => [
  ...(USAGE_COLUMNS.some((name) => named.has(name)) ? (['usage'] as const) : []),
  ...(named.has('cost') ? (['prices'] as const) : []),
]

/** Creates a function that looks up what the columns of `--columns` add to an image in a document; `null`: nothing. */
export const createAdditions = (
  { lookUpUsage, lookUpCost }: FactsStore,
  { format, columns }: Pick<ImageRequest, 'format' | 'columns'>,
): ((image: Image) => ImageAdditions) | null => {
  const named = new Set(columns?.map(({ name }) => name))
  const hasUsage = USAGE_COLUMNS.some((name) => named.has(name))
  const hasCost = named.has('cost')
  if (!isDocumentFormat(format) || (!hasUsage && !hasCost)) return null
  return (image) => {
    const usage = hasUsage ? lookUpUsage(image) : null
    return {
      ...(usage === null ? {} : { usage: usageToJson(usage) }),
      ...(hasCost ? { monthlyCost: lookUpCost(image) } : {}),
    }
  }
}
