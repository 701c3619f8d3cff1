import { cloudKey, type LockChange, type LockFinding, type Pin } from '@imago/lock'
import { column, columnSet, instantColumn } from '../output/column.ts'

/** A change of a pin, or a finding about it. */
export interface ChangeRow {
  readonly change: LockChange['kind'] | Exclude<LockFinding['kind'], 'format'> | 'gone' | 'changed'
  readonly image: string
  /** The cloud as the images file names it. */
  readonly on: string
  readonly before: Pin | null
  readonly after: Pin | null
}

const getPin = ({ before, after }: ChangeRow): Pin | null => after ?? before

/** The columns of pins and their changes. */
export const CHANGE_COLUMNS = columnSet<ChangeRow>('id', [
  column('change', 'CHANGE', ({ change }) => change),
  column('image', 'IMAGE', ({ image }) => image, { whole: true }),
  column('cloud', 'CLOUD', (row) => {
    const pin = getPin(row)
    return pin === null ? row.on : cloudKey(pin)
  }),
  column('id', 'ID', (row) => getPin(row)?.id ?? null, { whole: true }),
  column('previous', 'PREVIOUS', ({ before, after }) => (before?.id === after?.id ? null : (before?.id ?? null)), {
    minor: true,
  }),
  column('name', 'NAME', (row) => getPin(row)?.name ?? null),
  column('architecture', 'ARCH', (row) => getPin(row)?.architecture ?? null, { minor: true }),
  instantColumn('createdAt', 'CREATED', (row) => getPin(row)?.createdAt ?? null),
  instantColumn('unavailableAfter', 'UNAVAILABLE AFTER', (row) => getPin(row)?.unavailableAfter ?? null),
  column('pin', 'PIN', (row) => getPin(row)?.pin ?? null),
])

export const changesToRows = (changes: readonly LockChange[]): readonly ChangeRow[] =>
  changes.flatMap(({ kind, before, after }): readonly ChangeRow[] => {
    const pin = after ?? before
    return pin === null ? [] : [{ change: kind, image: pin.image, on: pin.on, before, after }]
  })

export const findingsToRows = (findings: readonly LockFinding[]): readonly ChangeRow[] =>
  findings.flatMap((finding): readonly ChangeRow[] => {
    switch (finding.kind) {
      case 'format':
        return []
      case 'missing':
        return [{ change: finding.kind, image: finding.image, on: finding.on, before: null, after: null }]
      default: {
        const { pin, kind } = finding
        return [{ change: kind, image: pin.image, on: pin.on, before: pin, after: null }]
      }
    }
  })

/** The JSON document of these rows. */
export const toPinsDocument = (rows: readonly ChangeRow[], isCurrent: boolean) => ({
  $schema: 'urn:imago:schema:pins:1',
  isCurrent,
  changes: rows,
})
