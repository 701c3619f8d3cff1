import { FIELD_NAMES, formatMonthlyCosts, getFieldValue, type Evidence, type FieldName } from '@imago/core'
import {
  formatBytes,
  formatCloudName,
  formatDay,
  formatEvent,
  formatImageName,
  formatSystem,
  formatUsage,
  listUserNames,
} from './format.ts'
import { toPrintable } from './html.ts'
import type { ImageFacts } from './image-facts.ts'
import type { ReportInput } from './report-input.ts'

/** A cell of the table of all images: its text, and its sort key if that differs. */
type Cell = string | readonly [text: string, key: number]

/** A field in the details of an image: its path, its value as text, its evidence. */
type Detail = readonly [field: string, value: string, evidence: Evidence | '']

/** The data of an image for the script of the page. */
export interface ImageData {
  readonly cells: readonly Cell[]
  readonly details: readonly Detail[]
}

/** In characters. Longer values, such as user data, are truncated to limit the size of the page. */
const LONGEST_VALUE = 500

const formatValue = (value: unknown): string => {
  const text = toPrintable(typeof value === 'string' ? value : JSON.stringify(value))
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text
}

const isEmpty = (value: unknown): boolean =>
  value === null || (typeof value === 'object' && Object.keys(value).length === 0)

const toDetails = (
  { image, usage, expiry, prune }: ImageFacts,
  evidence: Readonly<Partial<Record<FieldName, Evidence>>> | null,
): readonly Detail[] => {
  const fields = FIELD_NAMES.flatMap((field): readonly Detail[] => {
    const value = getFieldValue(image, field)
    return isEmpty(value) ? [] : [[field, formatValue(value), evidence?.[field] ?? '']]
  })
  const users = listUserNames(usage)
  const more: readonly (Detail | null)[] = [
    ['provider', image.ref.provider, ''],
    users.length === 0 ? null : ['used by', toPrintable(users.join(', ')), ''],
    expiry === null ? null : ['expires', `${formatDay(expiry.date)}: ${formatEvent(expiry)}`, ''],
    prune === null
      ? null
      : [prune.action === 'keep' ? 'kept because' : 'can be deleted because', prune.reasons.join(', '), ''],
  ]
  return [...more.filter((one) => one !== null), ...fields]
}

/** The data of all images for the script of the page. */
export const createImageData = (
  facts: readonly ImageFacts[],
  readEvidence: ReportInput['readEvidence'],
): readonly ImageData[] =>
  facts.map((one) => {
    const { image, cloud, usage, cost, expiry } = one
    const price = cost.amount?.net ?? cost.amount?.gross ?? null
    return {
      cells: [
        toPrintable(formatImageName(image)),
        formatCloudName(cloud.cloud),
        toPrintable(formatSystem(image) ?? '–'),
        toPrintable(image.architecture ?? '–'),
        image.kind,
        image.status,
        [formatBytes(image.size.stored), image.size.stored ?? -1],
        formatDay(image.createdAt),
        expiry === null ? '–' : formatDay(expiry.date),
        formatUsage(usage),
        [formatMonthlyCosts([cost]) ?? '–', price === null ? -1 : Number(price)],
      ],
      details: toDetails(one, readEvidence?.(image) ?? null),
    }
  })
