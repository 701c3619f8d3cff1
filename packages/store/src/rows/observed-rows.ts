import type { CloudIdentity, Prices, Usage, UsageEdge } from '@imago/core'
import { storableJson, storableText, type Cell, type Row } from './cell.ts'
import { cloudCells } from './cloud-cells.ts'
import type { Mask } from './image-row.ts'
import { digestText, imageKey } from './keys.ts'

const withHash = (row: Row): Row => [...row, digestText(JSON.stringify(row))]

const edgeKey = ({ image, by, relation, via }: UsageEdge): string =>
  digestText(JSON.stringify([imageKey(image), by.kind, by.id, relation, via]))

/** The rows of `usage` without the columns of its history, but with the hash. */
export const usageRows = (usage: Usage | null, mask: Mask): readonly Row[] => {
  const text = (value: string): Cell => storableText(mask(value))
  return (usage?.edges ?? []).map((edge) => {
    const { image, by, relation, via, evidence, dependsOn } = edge
    return withHash([
      edgeKey(edge),
      storableText(imageKey(image)),
      ...cloudCells(image),
      storableText(image.id),
      by.kind,
      text(by.id),
      by.name === null ? null : text(by.name),
      relation,
      via,
      evidence,
      dependsOn,
    ])
  })
}

const DECIMAL = /^-?\d{1,60}(?:\.\d{1,60})?$/

/** `null` for text that is not a decimal number. */
const decimal = (value: string | null): Cell => (value !== null && DECIMAL.test(value) ? value : null)

/** The row of `prices`, like `usageRows`. */
export const pricesRows = (cloud: CloudIdentity, prices: Prices | null): readonly Row[] => {
  if (prices === null) return []
  const { currency, perGbMonth, bytesPerGb, basis } = prices
  return [
    withHash([
      ...cloudCells(cloud),
      storableText(currency),
      decimal(perGbMonth.net),
      decimal(perGbMonth.gross),
      bytesPerGb,
      storableJson(basis),
    ]),
  ]
}
