import { keyPaths, type KeyPath } from '@imago/codec'
import { GLANCE_BASE_KEYS, type GlanceImage } from '@imago/schema-openstack/image'

type Properties = Record<string, string | null>

/** What is known after a sequence of keys: an object with all those that are properties, once a record has ended there. */
interface Shape {
  template: Properties | null
}

const { root, next } = keyPaths<Shape>({ template: null }, () => ({ template: null }))

const templateOf = (record: Readonly<Record<string, unknown>>): Properties =>
  Object.fromEntries(Object.keys(record).flatMap((key) => (GLANCE_BASE_KEYS.has(key) ? [] : [[key, null]])))

/** Assigning to `__proto__` would set the prototype, and lose the property. */
const define = (properties: Properties, value: string | null): void => {
  Object.defineProperty(properties, '__proto__', { value, enumerable: true, configurable: true, writable: true })
}

/**
 * Every key of the record that is no base key, with its value. `os_glance_*` too: they are the service's own, but the record says them.
 * The object is copied from a template of its shape and then filled: adding keys one by one would lay it out anew several times.
 */
export const toProperties = (wire: GlanceImage): Readonly<Properties> => {
  const record = wire as Readonly<Record<string, unknown>>
  let node: KeyPath<Shape> = root
  for (const key in record) node = next(node, key)
  const template = (node.value.template ??= templateOf(record))
  const properties: Properties = { ...template }
  for (const key in properties) {
    if (key === '__proto__') define(properties, record[key] as string | null)
    else properties[key] = record[key] as string | null
  }
  return properties
}
