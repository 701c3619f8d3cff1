import { createKeyPaths, type KeyPath } from '@imago/codec'
import { GLANCE_BASE_KEYS, type GlanceImage } from '@imago/schema-openstack/image'

type Properties = Record<string, string | null>

/** What is known of the records with a sequence of keys. */
interface Shape {
  /** Whether the last key of the sequence is not a base key. */
  readonly isProperty: boolean
  /** An object with all property keys, created for the first record with these keys. */
  template: Properties | null
}

const { root, next } = createKeyPaths<Shape>({ isProperty: false, template: null }, (key) => ({
  isProperty: !GLANCE_BASE_KEYS.has(key),
  template: null,
}))

/** The values of the current record's properties. Reused, and filled while its keys are read, because V8 reads a value fastest together with its key. */
const values: (string | null)[] = []

/** Uses JSON.parse, because it allocates the object in one piece. */
const createTemplate = (keys: readonly string[]): Properties =>
  JSON.parse(JSON.stringify(Object.fromEntries(keys.map((key) => [key, null])))) as Properties

/** Glance always sends `schema` and `file`. A client's output with selected columns may omit properties that the image has. */
const isWhole = ({ schema, file }: GlanceImage): boolean => typeof schema === 'string' || typeof file === 'string'

/**
 * All keys of the record that are not base keys, `os_glance_*` included; `undefined` if there are none and the record may be partial.
 * Copies a template of the same shape: adding keys one by one would reallocate the object several times.
 */
export const toProperties = (wire: GlanceImage): Readonly<Properties> | undefined => {
  const record = wire as Readonly<Record<string, unknown>>
  let node: KeyPath<Shape> = root
  let count = 0
  for (const key in record) {
    node = next(node, key)
    if (node.value.isProperty) values[count++] = record[key] as string | null
  }
  if (count === 0 && !isWhole(wire)) return undefined
  const shape = node.value
  shape.template ??= createTemplate(Object.keys(record).filter((key) => !GLANCE_BASE_KEYS.has(key)))
  const properties: Properties = { ...shape.template }
  let index = 0
  // The template owns every key, including `__proto__`, so assignment does not change the prototype.
  for (const key in properties) properties[key] = values[index++] as string | null
  return properties
}
