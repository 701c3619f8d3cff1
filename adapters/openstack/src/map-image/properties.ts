import { createKeyPaths, type KeyPath } from '@imago/codec'
import { GLANCE_BASE_KEYS, type GlanceImage } from '@imago/schema-openstack/image'

type Properties = Record<string, string | null>

/** Cached template for a set of record keys: an object with all property keys, created for the first such record. */
interface Shape {
  template: Properties | null
  isEmpty: boolean
}

const { root, next } = createKeyPaths<Shape>({ template: null, isEmpty: false }, () => ({
  template: null,
  isEmpty: false,
}))

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
  for (const key in record) node = next(node, key)
  const shape = node.value
  if (shape.template === null) {
    const keys = Object.keys(record).filter((key) => !GLANCE_BASE_KEYS.has(key))
    shape.template = createTemplate(keys)
    shape.isEmpty = keys.length === 0
  }
  if (shape.isEmpty && !isWhole(wire)) return undefined
  const properties: Properties = { ...shape.template }
  // The template owns every key, including `__proto__`, so assignment does not change the prototype.
  for (const key in properties) properties[key] = record[key] as string | null
  return properties
}
