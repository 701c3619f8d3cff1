import { GLANCE_BASE_KEYS } from '@imago/schema-openstack'

/** glance: glance/api/v2/images.py, RequestDeserializer._reserved_properties and _reserved_namespaces. */
export const RESERVED: ReadonlySet<string> = new Set(['location', 'deleted', 'deleted_at'])
export const RESERVED_PREFIX = 'os_glance'

/** glance: glance/api/v2/images.py, get_schema: names of properties, images and tags are limited to 255 characters by the database. */
export const LONGEST = 255

/** Returns why a property name is invalid, or `null`. */
export const findPropertyNameProblem = (name: string): string | null => {
  if (name === '') return 'the name of a property must not be empty'
  if (GLANCE_BASE_KEYS.has(name)) return `${name} is a field of Glance, not a property`
  if (RESERVED.has(name) || name.startsWith(RESERVED_PREFIX)) return `${name} is reserved by Glance`
  // Glance strips the name and would change another property. glance: glance/api/v2/images.py, _decode_json_pointer.
  if (name.trim() !== name) return `the name of the property ${JSON.stringify(name)} begins or ends with a space`
  if (name.length > LONGEST)
    return `the name of the property ${name.slice(0, 40)}… is longer than ${LONGEST} characters`
  return null
}

/** Returns why a property is invalid, or `null`. */
export const findPropertyProblem = (name: string, value: unknown): string | null =>
  findPropertyNameProblem(name) ?? (typeof value === 'string' ? null : `the value of the property ${name} is not text`)
