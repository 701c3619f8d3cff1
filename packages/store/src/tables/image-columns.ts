import { FIELD_NAMES, FIELDS, type FieldDescription, type FieldName } from '@imago/core'
import type { Column, ColumnType } from './column.ts'

/** `os.defaultUser` is `os_default_user`; `ref.id` is `id`. */
export const toColumnName = (field: FieldName): string =>
  field
    .replace(/^ref\./, '')
    .replaceAll('.', '_')
    .replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

const SCALARS: Readonly<Record<string, ColumnType>> = {
  string: 'text',
  boolean: 'boolean',
  instant: 'timestamp',
  bytes: 'integer',
}

const toColumnType = ({ type, values }: FieldDescription): ColumnType => {
  if (values !== null) return 'text'
  return SCALARS[type] ?? 'json'
}

/** Fields that every image has. */
const ALWAYS: ReadonlySet<FieldName> = new Set(['ref.id', 'kind', 'status', 'visibility'])

/** The column of a field of the image. */
export interface FieldColumn {
  readonly field: FieldName
  readonly column: Column
}

const toFieldColumn = (field: FieldName): FieldColumn => {
  const { meaning } = FIELDS[field]
  const type = toColumnType(FIELDS[field])
  return {
    field,
    column: { name: toColumnName(field), type, isRequired: ALWAYS.has(field) || type === 'json', meaning },
  }
}

/** The columns of the field table, in its order. */
export const FIELD_COLUMNS: readonly FieldColumn[] = FIELD_NAMES.map(toFieldColumn)
