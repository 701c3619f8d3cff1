import { isObject } from '../json.ts'
import { pythonPrint, pythonRepr } from './glance/python-repr.ts'

/** The subset of JSON Schema that these services use. */
export interface Schema {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly maxLength?: number
  readonly pattern?: string
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
}

/** Python counts code points. */
const countCodePoints = (text: string): number => [...text].length

type Path = readonly (string | number)[]

export interface Violation {
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

/** Returns the first violation, in the order of the schema. */
export const check = (schema: Schema, value: unknown, schemaPath: Path = [], path: Path = []): Violation | null => {
  const violation = (keyword: string, message: string): Violation => ({
    message,
    keyword,
    schema,
    schemaPath,
    path,
    value,
  })
  const types = schema.type === undefined ? [] : [schema.type].flat()
  if (types.length > 0 && !types.some((type) => TYPES[type]?.(value))) {
    return violation('type', `${pythonRepr(value)} is not of type ${types.map(pythonRepr).join(', ')}`)
  }
  if (schema.enum !== undefined && !schema.enum.includes(value))
    return violation('enum', `${pythonRepr(value)} is not one of ${pythonRepr(schema.enum)}`)
  if (typeof value === 'string' && schema.maxLength !== undefined && countCodePoints(value) > schema.maxLength)
    return violation('maxLength', `${pythonRepr(value)} is too long`)
  if (typeof value === 'string' && schema.pattern !== undefined && !new RegExp(schema.pattern).test(value)) {
    return violation('pattern', `${pythonRepr(value)} does not match ${pythonRepr(schema.pattern)}`)
  }
  const missing = isObject(value) ? schema.required?.find((key) => !Object.hasOwn(value, key)) : undefined
  if (missing !== undefined) return violation('required', `${pythonRepr(missing)} is a required property`)
  if (isObject(value)) {
    const found = Object.entries(schema.properties ?? {})
      .filter(([key]) => Object.hasOwn(value, key))
      .map(([key, each]) => check(each, value[key], [...schemaPath, 'properties', key], [...path, key]))
      .find((each) => each !== null)
    if (found !== undefined) return found
  }
  const { items } = schema
  if (!Array.isArray(value) || items === undefined) return null
  return (
    value
      .map((each, index) => check(items, each, [...schemaPath, 'items'], [...path, index]))
      .find((found) => found !== null) ?? null
  )
}

const at = (path: Path): string => path.map((part) => `[${pythonRepr(part)}]`).join('')

const indented = (text: string): string => text.replaceAll(/^/gm, '    ')

/** Formats a violation like Python's jsonschema. */
export const violationText = ({ message, keyword, schemaPath, schema, path, value }: Violation): string =>
  `${message}\n\nFailed validating ${pythonRepr(keyword)} in schema${at(schemaPath)}:\n${indented(pythonPrint(schema))}\n\nOn instance${at(path)}:\n${indented(pythonPrint(value))}`
