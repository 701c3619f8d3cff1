import type { Digest } from '@imago/core'
import * as RA from 'fp-ts/lib/ReadonlyArray.js'
import type { FieldDisposition } from '../metadata/disposition.ts'
import { isComparable, selectUploadMethod } from './format.ts'
import type { PlanFormat } from './plan.ts'
import type { TransferSource, TransferTarget } from './transfer-input.ts'

export const translateFormat = (
  source: TransferSource,
  target: TransferTarget,
  { from, to, virtualSize, archive }: PlanFormat,
): readonly FieldDisposition[] => {
  const row = (
    field: FieldDisposition['field'],
    disposition: FieldDisposition['disposition'],
    was: string | null,
    will: string | null,
    why: string | null,
  ): FieldDisposition => ({ field, entry: null, disposition: disposition, from: was, to: will, reason: why })
  const container = source.kind === 'image' ? source.image.format.container : null
  const disk =
    from === null
      ? row('format.disk', 'needed', null, null, 'declare the disk format of the source')
      : to === from
        ? row('format.disk', 'kept', from, to, null)
        : row('format.disk', 'translated', from, to, 'converted to what the target requires, or as requested')
  const rows = [disk]
  if (container !== null)
    rows.push(
      archive !== undefined
        ? row('format.container', 'translated', container, 'bare', 'the disk is extracted')
        : container === 'bare' || selectUploadMethod(target) === 'upload'
          ? row('format.container', 'kept', container, container, null)
          : row('format.container', 'lost', container, null, 'the target stores disks'),
    )
  if (virtualSize !== null) rows.push(row('size.virtual', 'kept', String(virtualSize), String(virtualSize), null))
  const { left: others, right: compared } = RA.partition(isComparable(source))(
    source.kind === 'image' ? source.image.digests : [],
  )
  const list = (digests: readonly Digest[]): string =>
    digests.map(({ algorithm, value }) => `${algorithm}:${value}`).join(', ')
  if (compared.length > 0)
    rows.push(row('digests', 'lost', list(compared), null, 'used to verify the download; the target computes its own'))
  if (others.length > 0)
    rows.push(row('digests', 'lost', list(others), null, 'cannot verify the download; the target computes its own'))
  return rows
}
