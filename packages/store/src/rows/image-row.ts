import { getFieldValue, type Evidence, type FieldName, type Image } from '@imago/core'
import type { ColumnType } from '../tables/column.ts'
import { FIELD_COLUMNS } from '../tables/image-columns.ts'
import { storableJson, storableJsonText, storableText, type Cell, type Row } from './cell.ts'
import { cloudCells } from './cloud-cells.ts'
import { toMicroseconds } from './instant.ts'
import { digestText, imageKey } from './keys.ts'

/** Optional data to store beside the fields of an image. */
export interface ImageExtra {
  /** The provider's record as JSON. */
  readonly raw?: string | null | undefined
  readonly evidence?: Readonly<Record<FieldName, Evidence>> | null | undefined
}

/** Changes texts before they are stored, to mask secrets. */
export type Mask = (text: string) => string

/** The rows of one image. */
export interface ImageRows {
  /** In the order of `IMAGE_CONTENT`. */
  readonly content: Row
  readonly evidence: Cell
  readonly raw: Cell
  readonly contentHash: string
  /** The rows of `imageParts` without their first column, by the tables' order. */
  readonly parts: readonly (readonly Row[])[]
}

const sortedEntries = <T>(map: Readonly<Record<string, T>>): readonly (readonly [string, T])[] =>
  Object.entries(map).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))

/** Sorts the keys, so that equal maps have the same text. */
const sortedValue = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(sortedEntries(value as Readonly<Record<string, unknown>>))
    : value

const toCell = (value: unknown, type: ColumnType, mask: Mask): Cell => {
  if (value === null || value === undefined) return null
  switch (type) {
    case 'text':
      return storableText(mask(value as string))
    case 'timestamp':
      return toMicroseconds(value as string)
    case 'integer':
      return Number(value)
    case 'boolean':
      return value === true
    default:
      return mask(storableJson(sortedValue(value)))
  }
}

/** Empty values are not part of the hash, so that a new field does not change existing images. */
const EMPTY: ReadonlySet<Cell> = new Set(['[]', '{}'])

const hashFields = (cells: Row): string => {
  const parts: Cell[] = []
  cells.forEach((cell, index) => {
    if (cell !== null && !EMPTY.has(cell)) parts.push(FIELD_COLUMNS[index]?.column.name ?? '', cell)
  })
  return digestText(JSON.stringify(parts))
}

/** Converts an image to its rows. */
export const imageRows = (image: Image, { raw = null, evidence = null }: ImageExtra, mask: Mask): ImageRows => {
  const { ref } = image
  const text = (value: string): string => storableText(mask(value))
  const textOrNull = (value: string | null): Cell => (value === null ? null : text(value))
  const fields = FIELD_COLUMNS.map(({ field, column }) => toCell(getFieldValue(image, field), column.type, mask))
  return {
    content: [storableText(imageKey(ref)), ...cloudCells(ref), ...fields],
    evidence: evidence === null ? null : JSON.stringify(evidence),
    raw: raw === null ? null : mask(storableJsonText(raw)),
    contentHash: hashFields(fields),
    parts: [
      image.digests.map(({ algorithm, value, of, assertedBy }) => [text(algorithm), text(value), of, assertedBy]),
      sortedEntries(image.labels).map(([label, value]) => [text(label), text(value)]),
      image.tags.map((tag) => [text(tag)]),
      image.origins.map(({ relation, kind, id, name, url }) => [
        relation,
        kind,
        textOrNull(id),
        textOrNull(name),
        textOrNull(url),
      ]),
    ],
  }
}
