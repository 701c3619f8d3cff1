import type { MonthlyCost } from '@imago/core'
import type { Provider } from '@imago/provider-kit'
import type { DeleteReason, KeepReason, PruneRow } from '@imago/lifecycle'
import { createCostColumn } from '../../observing/cost-column.ts'
import { describeUsage, usageToJson } from '../../observing/usage-text.ts'
import { column, instantColumn, type ColumnSet } from '../../output/column.ts'
import { formatSize } from '../../output/size.ts'
import { findRemaining, remainingToJson } from '../../writing/remaining.ts'

/** The outcome for an image. `planned`: not deleted yet. */
export type PruneResult = 'planned' | 'kept' | 'deleted' | 'failed'

/** The decision on an image, and its outcome. */
export interface PrunedImage {
  readonly row: PruneRow
  readonly cost: MonthlyCost
  readonly result: PruneResult
}

const REASONS: Readonly<Record<KeepReason | DeleteReason, string>> = {
  used: 'used',
  'usage-unknown': 'of unknown use',
  protected: 'protected',
  locked: 'pinned by a lock file',
  'provider-image': "provider's image",
  'not-owned': "another project's image",
  'in-progress': 'being created or deleted',
  'age-unknown': 'of unknown age',
  'listing-incomplete': 'not all images were listed',
  newest: 'among the newest',
  daily: 'newest of its day',
  weekly: 'newest of its week',
  monthly: 'newest of its month',
  yearly: 'newest of its year',
  'not-kept': 'not kept by the policy',
  selected: 'selected and unused',
}

/** `used by server web-1, protected` */
export const describeReasons = ({ reasons, usage }: PruneRow): string =>
  reasons.map((reason) => (reason === 'used' ? `used by ${describeUsage(usage) ?? ''}` : REASONS[reason])).join(', ')

/** The columns of `imago prune`. */
export const PRUNE_COLUMNS: ColumnSet<PrunedImage> = (() => {
  const id = column<PrunedImage>('id', 'ID', ({ row }) => row.image.ref.id, { whole: true })
  const table = [
    column<PrunedImage>('action', 'ACTION', ({ row }) => row.action),
    column<PrunedImage>('reasons', 'REASON', ({ row }) => describeReasons(row)),
    column<PrunedImage>('name', 'NAME', ({ row: { image } }) => image.name ?? image.description),
    column<PrunedImage>('cloud', 'CLOUD', ({ row }) => row.image.ref.cloud),
    id,
    instantColumn<PrunedImage>('createdAt', 'CREATED', ({ row }) => row.image.createdAt),
    column<PrunedImage>('size', 'STORED', ({ row }) => row.image.size.stored, {
      align: 'right',
      show: ({ row: { image } }) => (image.size.stored === null ? '-' : formatSize(image.size.stored)),
    }),
    createCostColumn<PrunedImage>(({ cost }) => cost),
  ]
  const more = [
    column<PrunedImage>('result', 'RESULT', ({ result }) => result),
    column<PrunedImage>('group', 'GROUP', ({ row }) => row.group),
    column<PrunedImage>('region', 'REGION', ({ row }) => row.image.ref.region),
  ]
  return { all: [...table, ...more], table, csv: [...table, ...more], id }
})()

/** The document of `imago prune -o json`. */
export const toPruneDocument = (images: readonly PrunedImage[], providers: readonly Provider[]): unknown => ({
  $schema: 'urn:imago:schema:prune:1',
  images: images.map(({ row: { image, action, reasons, group, usage }, cost, result }) => ({
    ref: image.ref,
    name: image.name,
    description: image.description,
    createdAt: image.createdAt,
    stored: image.size.stored,
    action,
    reasons,
    group,
    usage: usageToJson(usage),
    monthlyCost: cost,
    remaining: remainingToJson(findRemaining(image, providers)),
    result,
  })),
})
