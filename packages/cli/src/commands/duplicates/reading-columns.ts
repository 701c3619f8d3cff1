import { column, type ColumnSet } from '../../output/column.ts'
import { bytesText } from '../../transfer/plan-text.ts'
import type { PlannedReading } from './read-disk.ts'

/** The images that `--read` would download. */
export const READING_COLUMNS: ColumnSet<PlannedReading> = (() => {
  const id = column<PlannedReading>('id', 'ID', ({ image }) => image.ref.id, { whole: true })
  const table = [
    column<PlannedReading>('name', 'NAME', ({ image }) => image.name ?? image.description),
    column<PlannedReading>('cloud', 'CLOUD', ({ image: { ref } }) => ref.cloud),
    id,
    column<PlannedReading>('bytes', 'DOWNLOAD', ({ plan }) => plan?.estimate.bytes ?? null, {
      align: 'right',
      show: ({ plan }) => bytesText(plan?.estimate.bytes ?? null),
    }),
    column<PlannedReading>('orders', 'ORDERS', ({ plan }) => plan?.estimate.resources.join(', ') || null),
    column<PlannedReading>('reason', 'CANNOT BE READ', ({ reason }) => reason),
  ]
  const more = [
    column<PlannedReading>('region', 'REGION', ({ image: { ref } }) => ref.region),
    column<PlannedReading>('provider', 'PROVIDER', ({ image: { ref } }) => ref.provider),
  ]
  return { all: [...table, ...more], table, csv: [...table, ...more], id }
})()
