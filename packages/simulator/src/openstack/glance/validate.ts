import { isObject, type JsonObject } from '../../json.ts'
import { pythonPrint, pythonRepr } from './python-repr.ts'
import { refuse } from './refusal.ts'
import { imageSchema } from './schemas.ts'

interface Schema {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly maxLength?: number
  readonly pattern?: string
  readonly items?: Schema
}

type Path = readonly (string | number)[]

interface Violation {
  readonly message: string
  readonly keyword: string
  readonly schema: Schema
  readonly schemaPath: Path
  readonly path: Path
  readonly value: unknown
}

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  array: (value) => Array.isArray(value),
  object: isObject,
  null: (value) => value === null,
}

const check = (schema: Schema, value: unknown, schemaPath: Path, path: Path): Violation | null => {
  const violation = (keyword: string, message: string): Violation => ({ message, keyword, schema, schemaPath, path, value })
  const types = schema.type === undefined ? [] : [schema.type].flat()
  if (types.length > 0 && !types.some((type) => TYPES[type]?.(value))) {
    return violation('type', `${pythonRepr(value)} is not of type ${types.map(pythonRepr).join(', ')}`)
  }
  if (schema.enum !== undefined && !schema.enum.includes(value)) return violation('enum', `${pythonRepr(value)} is not one of ${pythonRepr(schema.enum)}`)
  if (typeof value === 'string' && schema.maxLength !== undefined && value.length > schema.maxLength) return violation('maxLength', `${pythonRepr(value)} is too long`)
  if (typeof value === 'string' && schema.pattern !== undefined && !new RegExp(schema.pattern).test(value)) {
    return violation('pattern', `${pythonRepr(value)} does not match ${pythonRepr(schema.pattern)}`)
  }
  const { items } = schema
  if (!Array.isArray(value) || items === undefined) return null
  return value.map((each, index) => check(items, each, [...schemaPath, 'items'], [...path, index])).find((found) => found !== null) ?? null
}

const at = (path: Path): string => path.map((part) => `[${pythonRepr(part)}]`).join('')

const indented = (text: string): string => text.replaceAll(/^/gm, '    ')

const properties: Readonly<Record<string, Schema>> = imageSchema.properties

/** Refuses a body that does not fit the schema of an image, in the words of Python's jsonschema. */
export const validateImage = (body: JsonObject): void => {
  const violations = Object.entries(body).map(([key, value]) =>
    Object.hasOwn(properties, key)
      ? check(properties[key] ?? {}, value, ['properties', key], [key])
      : check(imageSchema.additionalProperties, value, ['additionalProperties'], [key]),
  )
  const found = violations.find((violation) => violation !== null)
  if (found === undefined) return
  throw refuse(
    400,
    `Provided object does not match schema 'image': ${found.message}\n\nFailed validating ${pythonRepr(found.keyword)} in schema${at(found.schemaPath)}:\n${indented(pythonPrint(found.schema))}\n\nOn instance${at(found.path)}:\n${indented(pythonPrint(found.value))}`,
  )
}

const READ_ONLY: ReadonlySet<string> = new Set(Object.entries(imageSchema.properties).filter(([, schema]) => 'readOnly' in schema).map(([key]) => key))

export const isBase = (key: string): boolean => Object.hasOwn(properties, key)

export const refuseReadOnly = (key: string): void => {
  if (READ_ONLY.has(key)) throw refuse(403, `Attribute '${key}' is read-only.`)
}

const capitalized = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1).toLowerCase()}`

/** MySQL's three-byte UTF-8 has no emoji, so Glance refuses them on every database. */
export const refuseFourBytes = (key: string, value: unknown): void => {
  if (typeof value === 'string' && /[\u{10000}-\u{10FFFF}]/u.test(value)) throw refuse(400, `${capitalized(key)} can't contain 4 byte unicode characters.`)
}
