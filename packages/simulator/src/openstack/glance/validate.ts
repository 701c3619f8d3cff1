import type { JsonObject } from '../../json.ts'
import { check, violationText, type Schema } from '../json-schema.ts'
import { refuse } from './refusal.ts'
import { imageSchema, taskSchema, type ImageSchema } from './schemas.ts'

const properties: Readonly<Record<string, Schema>> = imageSchema.properties

const validate = (
  name: string,
  known: Readonly<Record<string, Schema>>,
  additional: Schema,
  body: JsonObject,
): void => {
  const violations = Object.entries(body).map(([key, value]) =>
    Object.hasOwn(known, key)
      ? check(known[key] ?? {}, value, ['properties', key], [key])
      : check(additional, value, ['additionalProperties'], [key]),
  )
  const found = violations.find((violation) => violation !== null)
  if (found !== undefined) throw refuse(400, `Provided object does not match schema '${name}': ${violationText(found)}`)
}

/** Refuses a body that does not match this Glance's image schema, with the message of Python's jsonschema. */
export const validateImage = (schema: ImageSchema, body: JsonObject): void =>
  validate('image', schema.properties, schema.additionalProperties, body)

export const validateTask = (body: JsonObject): void => validate('task', taskSchema.properties, {}, body)

/** `RequestDeserializer._readonly_properties` in glance/api/v2/images.py. */
const READ_ONLY: ReadonlySet<string> = new Set([
  'created_at',
  'updated_at',
  'status',
  'checksum',
  'size',
  'virtual_size',
  'direct_url',
  'self',
  'file',
  'schema',
  'id',
  'os_hash_algo',
  'os_hash_value',
])

/** Fields that a new image may not contain, whatever their value. */
const DISALLOWED = ['direct_url', 'self', 'file', 'schema', 'stores'] as const

/** Fields of a new image that the schema allows and Glance then refuses. */
const READ_ONLY_AT_CREATION = ['created_at', 'updated_at', 'status', 'checksum', 'size', 'virtual_size'] as const

export const isBase = (key: string): boolean => Object.hasOwn(properties, key)

const readOnly = (key: string): Error => refuse(403, `Attribute '${key}' is read-only.`)

export const refuseReadOnly = (key: string): void => {
  if (READ_ONLY.has(key)) throw readOnly(key)
}

export const refuseDisallowed = (body: JsonObject): void => {
  const found = DISALLOWED.find((key) => Object.hasOwn(body, key))
  if (found !== undefined) throw readOnly(found)
}

export const refuseReadOnlyAtCreation = (body: JsonObject): void => {
  const found = READ_ONLY_AT_CREATION.find((key) => Object.hasOwn(body, key))
  if (found !== undefined) throw readOnly(found)
}

/** Python's `str.title`: capitalizes each word; a word ends at any character that is not a letter. */
const toTitleCase = (text: string): string =>
  text.toLowerCase().replaceAll(/\p{L}+/gu, (word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`)

const hasFourBytes = (text: string): boolean => /[\u{10000}-\u{10FFFF}]/u.test(text)

/** MySQL's three-byte UTF-8 cannot store emoji, so Glance refuses them with every database. */
export const refuseFourBytes = (key: string, value: unknown): void => {
  if (Array.isArray(value) && value.some((each) => typeof each === 'string' && hasFourBytes(each)))
    throw refuse(400, "Param values can't contain 4 byte unicode.")
  if (hasFourBytes(key)) throw refuse(400, "Property names can't contain 4 byte unicode.")
  if (typeof value === 'string' && hasFourBytes(value))
    throw refuse(400, `${toTitleCase(key)} can't contain 4 byte unicode characters.`)
}

const NUMBERS = ['min_disk', 'min_ram'] as const

/** The maximum of an integer column in the database. */
const MAXIMAL_INTEGER = 2_147_483_647

/** The schema has no bounds for `min_disk` and `min_ram`, but the domain model and the database do. */
export const refuseOutOfRange = (body: JsonObject): void => {
  for (const key of NUMBERS) {
    const value = body[key]
    if (typeof value !== 'number') continue
    if (value < 0) throw refuse(400, `Invalid value '${value}' for parameter '${key}': Cannot be a negative value`)
    if (value > MAXIMAL_INTEGER) throw refuse(400, `'${key}' value out of range, must not exceed ${MAXIMAL_INTEGER}.`)
  }
}
