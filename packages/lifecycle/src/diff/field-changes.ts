import { FIELD_NAMES, FIELDS, type FieldName, type Image } from '@imago/core'
import { isEqualJson } from './json-value.ts'

/** A field whose values differ. Values are JSON. */
export interface FieldChange {
  readonly field: FieldName
  readonly before: unknown
  readonly after: unknown
}

/** The value of a field by its path: `os.version`. */
const readField = (image: Image, field: FieldName): unknown =>
  field.split('.').reduce<unknown>((value, key) => (value as Readonly<Record<string, unknown>>)[key], image)

const isEmpty = (value: unknown): boolean =>
  value === null || value === 'unknown' || (typeof value === 'object' && Object.keys(value).length === 0)

/** All fields except the identity, for two states of one image. */
const OVER_TIME = FIELD_NAMES.filter((field) => FIELDS[field].class !== 'identity')

/** Fields that a user can set, for two images that should be the same in two clouds. The others differ by nature: IDs, dates, owners. */
const ACROSS_CLOUDS = FIELD_NAMES.filter((field) => FIELDS[field].class === 'writable')

/** The differences between two states of one image. */
export const compareOverTime = (before: Image, after: Image): readonly FieldChange[] =>
  OVER_TIME.map((field) => ({ field, before: readField(before, field), after: readField(after, field) })).filter(
    (change) => !isEqualJson(change.before, change.after),
  )

/**
 * The differences between two images that should be the same in two clouds.
 * - Compares only values that both have, because a provider may not support a field.
 * - Compares properties only within a provider, because their names depend on it.
 */
export const compareAcrossClouds = (before: Image, after: Image): readonly FieldChange[] =>
  ACROSS_CLOUDS.filter((field) => field !== 'properties' || before.ref.provider === after.ref.provider)
    .map((field) => ({ field, before: readField(before, field), after: readField(after, field) }))
    .filter((change) => !isEmpty(change.before) && !isEmpty(change.after) && !isEqualJson(change.before, change.after))
