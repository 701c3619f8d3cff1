import { Image, type FieldName } from '@imago/core'
import { optional, type Column, type ColumnType } from '../tables/column.ts'
import { FIELD_COLUMNS } from '../tables/image-columns.ts'
import { IMAGE_CONTENT } from '../tables/tables.ts'
import type { Cell, Row } from './cell.ts'

/** The columns of an image, in the order that `toImage` expects. */
export const STORED_COLUMNS: readonly Column[] = [...IMAGE_CONTENT, optional('raw', 'document', '')]

const FIRST_FIELD = IMAGE_CONTENT.length - FIELD_COLUMNS.length

const toValue = (cell: Cell | undefined, type: ColumnType): unknown =>
  type === 'json' && typeof cell === 'string' ? JSON.parse(cell) : (cell ?? null)

const setField = (image: Record<string, unknown>, field: FieldName, value: unknown): void => {
  const [outer = '', inner] = field.split('.')
  if (inner === undefined) image[outer] = value
  else image[outer] = { ...(image[outer] as Record<string, unknown> | undefined), [inner]: value }
}

/** The image of a row of `STORED_COLUMNS`; `null`: the row is not valid. `raw` is `null` if none was stored. */
export const toImage = (row: Row): Image | null => {
  const [, , provider, cloud, region] = row
  const image: Record<string, unknown> = { ref: { provider, cloud: cloud ?? null, region: region ?? null } }
  FIELD_COLUMNS.forEach(({ field, column }, index) =>
    setField(image, field, toValue(row[FIRST_FIELD + index], column.type)),
  )
  image['raw'] = toValue(row[IMAGE_CONTENT.length], 'json')
  return Image.is(image) ? image : null
}
