import type { Image } from '../image/image.ts'
import type { ImageRef } from '../image/values.ts'
import { toSortable } from './instant-order.ts'

/** The sort keys of images. Strings are compared by UTF-16 code units, so the order does not depend on the locale. */
const SORT_VALUES = {
  id: (image) => image.ref.id,
  name: (image) => image.name,
  createdAt: (image) => (image.createdAt === null ? null : toSortable(image.createdAt)),
  updatedAt: (image) => (image.updatedAt === null ? null : toSortable(image.updatedAt)),
  size: (image) => image.size.stored,
} satisfies Readonly<Record<string, (image: Image) => string | number | null>>

export type SortKey = keyof typeof SORT_VALUES

export const SORT_KEYS: readonly SortKey[] = Object.keys(SORT_VALUES) as SortKey[]

/** One key to sort by. Images without a value come last in both directions. */
export interface SortOrder {
  readonly key: SortKey
  readonly direction: 'ascending' | 'descending'
}

const compareValues = (a: string | number | null, b: string | number | null, descending: boolean): number => {
  if (a === b) return 0
  if (a === null) return 1
  if (b === null) return -1
  return a < b === descending ? 1 : -1
}

const compareRefs = (a: ImageRef, b: ImageRef): number =>
  compareValues(a.id, b.id, false) ||
  compareValues(a.provider, b.provider, false) ||
  compareValues(a.cloud, b.cloud, false) ||
  compareValues(a.region, b.region, false)

/** Compares two images by `sorts`, most important first. Total order: ties are broken by ID, then by the rest of `ref`. */
export const compareImages =
  (sorts: readonly SortOrder[]) =>
  (a: Image, b: Image): number => {
    for (const { key, direction } of sorts) {
      const order = compareValues(SORT_VALUES[key](a), SORT_VALUES[key](b), direction === 'descending')
      if (order !== 0) return order
    }
    return compareRefs(a.ref, b.ref)
  }
