import { FIELD_NAMES, getFieldValue, FIELDS, type FieldName, type Image } from '@imago/core'
import { formatImageRef } from '@imago/provider-kit'
import type { Column, ColumnSet, SortKey } from './column.ts'
import { formatSize } from './size.ts'

/** A column of images: a field, or a value derived for tables. */
export type ImageColumn = Column<Image>

const plain = (value: unknown): string => {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean)
}

const show = (value: unknown): string => {
  if (value === null || value === undefined) return '-'
  if (Array.isArray(value))
    return value.length === 0
      ? '-'
      : value.map((entry) => (typeof entry === 'string' ? entry : JSON.stringify(entry))).join(', ')
  if (typeof value === 'object') {
    const entries = Object.entries(value)
    return entries.length === 0 ? '-' : entries.map(([key, entry]) => `${key}=${String(entry)}`).join(', ')
  }
  return String(value as string | number | boolean)
}

/** Sort keys of instants lack the Z, so that fractions sort after whole seconds. */
const toSortKey = (value: unknown): SortKey => {
  if (typeof value === 'number') return value
  const text = plain(value)
  return text === '' || text === '{}' || text === '[]'
    ? null
    : /^\d{4}-\d\d-\d\dT.*Z$/.test(text)
      ? text.slice(0, -1)
      : text
}

const isSize = (field: FieldName): boolean => FIELDS[field].unit === 'bytes'

const fieldColumn = (field: FieldName): ImageColumn => ({
  name: field === 'ref.id' ? 'id' : field,
  title: (field === 'ref.id' ? 'id' : field).toUpperCase(),
  align: isSize(field) ? 'right' : 'left',
  whole: field === 'ref.id',
  show: (image) => {
    const value = getFieldValue(image, field)
    return isSize(field) && typeof value === 'number' ? formatSize(value) : show(value)
  },
  plain: (image) => plain(getFieldValue(image, field)),
  key: (image) => toSortKey(getFieldValue(image, field)),
})

const refColumn = (name: 'provider' | 'cloud' | 'region'): ImageColumn => ({
  name,
  title: name.toUpperCase(),
  align: 'left',
  // The cloud or the ID implies the provider.
  minor: name === 'provider',
  show: ({ ref }) => ref[name] ?? '-',
  plain: ({ ref }) => ref[name] ?? '',
  key: ({ ref }) => ref[name],
})

const titled = (title: string, column: ImageColumn): ImageColumn => ({ ...column, title })

const os: ImageColumn = {
  name: 'os',
  title: 'OS',
  align: 'left',
  show: (image) =>
    [image.os.distro ?? image.os.family, image.os.version].filter((part) => part !== null).join(' ') || '-',
  plain: (image) => [image.os.distro ?? image.os.family, image.os.version].filter((part) => part !== null).join(' '),
  key: (image) => toSortKey(os.plain(image)),
}

/** The name, or the description in parentheses: snapshots at Hetzner have no name. */
const label: ImageColumn = {
  name: 'label',
  title: 'NAME',
  align: 'left',
  show: (image) =>
    image.name ?? (image.description === null || image.description === '' ? '-' : `(${image.description})`),
  plain: (image) => image.name ?? image.description ?? '',
  key: (image) => toSortKey(label.plain(image)),
}

/** The address `provider/cloud@region:id:…`, which other commands accept; only the ID if the cloud is unknown. */
const formatAddress = ({ ref }: Image): string => (ref.cloud === null ? ref.id : formatImageRef(ref))

const address: ImageColumn = {
  name: 'address',
  title: 'ADDRESS',
  align: 'left',
  whole: true,
  show: formatAddress,
  plain: formatAddress,
  key: formatAddress,
}

const raw: ImageColumn = {
  name: 'raw',
  title: 'RAW',
  align: 'left',
  show: (image) => plain(image.raw),
  plain: (image) => plain(image.raw),
  key: (image) => toSortKey(image.raw),
}

const fieldColumns = FIELD_NAMES.map(fieldColumn)
const column = (name: string): ImageColumn => fieldColumns.find((one) => one.name === name) ?? raw

const all: readonly ImageColumn[] = [
  refColumn('provider'),
  refColumn('cloud'),
  refColumn('region'),
  ...fieldColumns,
  os,
  label,
  address,
  raw,
]

/** The default columns of a table. */
export const tableColumns: readonly ImageColumn[] = [
  refColumn('provider'),
  column('id'),
  label,
  column('kind'),
  column('status'),
  os,
  titled('ARCH', column('architecture')),
  titled('STORED', column('size.stored')),
  titled('MIN DISK', column('size.minDisk')),
  titled('CREATED', column('createdAt')),
]

/** Facts about the images that are known before they are listed. */
export interface ExpectedImages {
  /** The names of their clouds. A single cloud has no column. */
  readonly clouds: readonly string[]
  readonly regions: readonly string[]
  /** The length of their IDs; 0: unknown. */
  readonly idLength: number
}

const withMinWidth = (column: ImageColumn, words: readonly string[]): ImageColumn => ({
  ...column,
  minWidth: Math.max(0, ...words.map(({ length }) => length)),
})

/** The default columns of a table of images from these clouds and regions. */
export const tableColumnsFor = ({ clouds, regions, idLength }: ExpectedImages): readonly ImageColumn[] => {
  const [provider, ...others] = tableColumns
  const rest = idLength > 0 ? others.map((one) => (one.name === 'id' ? { ...one, minWidth: idLength } : one)) : others
  const hasRegions = regions.length > 1
  return [
    ...(provider === undefined ? [] : [provider]),
    ...(clouds.length > 1 || hasRegions ? [withMinWidth(refColumn('cloud'), clouds)] : []),
    ...(hasRegions ? [withMinWidth(refColumn('region'), regions)] : []),
    ...rest,
  ]
}

/** The default columns of CSV: every field once, without `raw`. */
export const csvColumns: readonly ImageColumn[] = all.filter(
  (one) => one !== os && one !== label && one !== address && one !== raw,
)

/** Fields with named entries. */
const ENTRIES = ['labels', 'properties', 'digests'] as const

/** The column of one label, property or digest: `labels.KEY`. The key may contain any character. */
const entryColumn = (name: string): ImageColumn | undefined => {
  const field = ENTRIES.find((one) => name.length > one.length + 1 && name.startsWith(`${one}.`))
  if (field === undefined) return undefined
  const key = name.slice(field.length + 1)
  const getValue = (image: Image): string | null => {
    if (field === 'digests') return image.digests.find(({ algorithm }) => algorithm === key)?.value ?? null
    return Object.hasOwn(image[field], key) ? (image[field][key] ?? null) : null
  }
  return {
    name,
    title: name.toUpperCase(),
    align: 'left',
    show: (image) => getValue(image) ?? '-',
    plain: (image) => getValue(image) ?? '',
    key: getValue,
  }
}

const id = column('id')

/** The column of `-o address`. */
export const addressColumn = address

/** All columns of images. */
export const imageColumns: ColumnSet<Image> = {
  all,
  table: tableColumns,
  csv: csvColumns,
  id,
  entry: (name) => (name.toLowerCase() === 'ref.id' ? id : entryColumn(name)),
  entryNames: ENTRIES.map((field) => `${field}.KEY`),
}
