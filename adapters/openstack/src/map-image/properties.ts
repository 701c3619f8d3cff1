import { createKeyPaths, type KeyPath } from '@imago/codec'
import { GLANCE_BASE_KEYS, type GlanceImage } from '@imago/schema-openstack/image'

type Properties = Record<string, string | null>

/** Of the keys of a whole record: an object that has all its property keys, made when the first such record comes. */
interface Shape {
  template: Properties | null
  isEmpty: boolean
}

const { root, next } = createKeyPaths<Shape>({ template: null, isEmpty: false }, () => ({
  template: null,
  isEmpty: false,
}))

/** Parsed from JSON, because that lays an object out in one piece. */
const createTemplate = (keys: readonly string[]): Properties =>
  JSON.parse(JSON.stringify(Object.fromEntries(keys.map((key) => [key, null])))) as Properties

/** Glance's own record always says where it and its data are. What a client printed of it by columns may hold no properties, whatever the image has. */
const isWhole = ({ schema, file }: GlanceImage): boolean => typeof schema === 'string' || typeof file === 'string'

/**
 * Every key of the record that is no base key, with its value; `undefined`: the record has none, and may be a part of one. `os_glance_*` too: they are the service's own, but the record says them.
 * The object is copied from a template of its shape and then filled: adding keys one by one would lay it out anew several times.
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
  // The template owns every key, `__proto__` too: assigning sets the key, and no prototype.
  for (const key in properties) properties[key] = record[key] as string | null
  return properties
}
