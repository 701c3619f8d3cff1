import { type Dialect, type JsonObject, certainMatch, isJsonObject } from '@imago/core/provider'
import { toWireValue, LIFT_PROPERTIES } from './wire-value.ts'

const BY_SHADE = certainMatch(
  'it has is_public beside min_disk and minDisk, or beside is_protected and a properties object',
)

/** shade's alternative names for Glance's fields, and the location that it adds. */
const SHADE_OWN: ReadonlySet<string> = new Set([
  'location',
  'metadata',
  'is_public',
  'minDisk',
  'minRam',
  'created',
  'updated',
])

/** With `strict=True`, shade omits `protected`. */
const SHADE_NAMES: ReadonlyMap<string, string> = new Map([['is_protected', 'protected']])

/** A property named `is_public` replaces shade's own, which is a boolean. */
export const isFromShade = (record: JsonObject): boolean =>
  'is_public' in record &&
  (('minDisk' in record && 'min_disk' in record) ||
    (typeof record['is_public'] === 'boolean' &&
      typeof record['is_protected'] === 'boolean' &&
      isJsonObject(record['properties'])))

/** shade replaces null sizes by 0. */
const fromShade = (key: string, value: unknown): unknown =>
  (key === 'size' || key === 'virtual_size') && value === 0 ? undefined : toWireValue(key, value)

/** shade, and its successor openstacksdk before 0.99: `_normalize_image`. The content of `properties` is repeated at the top level. */
export const shade: Dialect = {
  name: 'shade',
  title: 'list_images() of shade and of openstacksdk before 0.99',
  recognize: (record) => (typeof record['id'] === 'string' && isFromShade(record) ? BY_SHADE : null),
  translation: { rename: SHADE_NAMES, lift: LIFT_PROPERTIES, respell: fromShade, own: SHADE_OWN },
}
