import { keyPaths, type KeyPath } from '@imago/codec'
import { GLANCE_BASE_KEYS, type GlanceImage } from '@imago/schema-openstack/image'

type Properties = Record<string, string | null>

/** Of the keys of a whole record: an object that has all its property keys, made when the first such record comes. */
interface Shape {
  template: Properties | null
}

const { root, next } = keyPaths<Shape>({ template: null }, () => ({ template: null }))

/** Parsed from JSON, because that lays an object out in one piece. */
const templateOf = (keys: readonly string[]): Properties => JSON.parse(JSON.stringify(Object.fromEntries(keys.map((key) => [key, null])))) as Properties

/**
 * Every key of the record that is no base key, with its value. `os_glance_*` too: they are the service's own, but the record says them.
 * The object is copied from a template of its shape and then filled: adding keys one by one would lay it out anew several times.
 */
export const toProperties = (wire: GlanceImage): Readonly<Properties> => {
  const record = wire as Readonly<Record<string, unknown>>
  let node: KeyPath<Shape> = root
  for (const key in record) node = next(node, key)
  const shape = node.value
  shape.template ??= templateOf(Object.keys(record).filter((key) => !GLANCE_BASE_KEYS.has(key)))
  const properties: Properties = { ...shape.template }
  // The template owns every key, `__proto__` too: assigning sets the key, and no prototype.
  for (const key in properties) properties[key] = record[key] as string | null
  return properties
}
