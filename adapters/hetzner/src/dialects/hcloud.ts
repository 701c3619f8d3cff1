import type { Dialect } from '@imago/core/provider'
import { recognizeHetzner } from './recognize-image.ts'

/** Go's zero time, which hcloud prints for a date that is null in the API. */
const ZERO_TIME = '0001-01-01T00:00:00Z'

/** Go's zero values, which hcloud prints for null and absent keys, by wire key. */
const ZEROS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['created', ZERO_TIME],
  ['deprecated', ZERO_TIME],
  ['deleted', ZERO_TIME],
  ['image_size', 0],
  ['disk_size', 0],
  ['architecture', ''],
  ['os_version', ''],
  ['name', ''],
])

export const withoutZeros = (key: string, value: unknown): unknown =>
  ZEROS.has(key) && ZEROS.get(key) === value ? undefined : value

/**
 * hcloud prints its Go structure, with zero values for keys that are absent or null in the API. Seen from 1.30.3: `0001-01-01T00:00:00Z` in
 * `deprecated` and `deleted`, `image_size` 0. Later versions: `architecture` "". No real image has 0 GB or a date in year 1.
 */
export const hcloud: Dialect = {
  name: 'hcloud',
  title: 'hcloud image list|describe -o json, hcloud all list -o json',
  recognize: (record) =>
    record['deleted'] === ZERO_TIME ||
    record['deprecated'] === ZERO_TIME ||
    record['architecture'] === '' ||
    (record['image_size'] === 0 && record['deleted'] !== undefined)
      ? recognizeHetzner(record)
      : null,
  translation: { respell: withoutZeros },
}
