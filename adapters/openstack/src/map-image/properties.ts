import { keyPaths, type KeyPath } from '@imago/codec'
import { GLANCE_BASE_KEYS, type GlanceImage } from '@imago/schema-openstack'

type Properties = Record<string, string | null>

/** What is known after a sequence of keys: whether the last one is a property's, and an object with all property keys so far. */
interface Shape {
  readonly isProperty: boolean
  readonly template: Properties
}

const withKey = (template: Properties, key: string): Properties => Object.fromEntries([...Object.entries(template), [key, null]])

const { root, next } = keyPaths<Shape>({ isProperty: false, template: {} }, (key, { template }) => {
  const isProperty = !GLANCE_BASE_KEYS.has(key)
  return { isProperty, template: isProperty ? withKey(template, key) : template }
})

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
  const properties: Properties = { ...node.value.template }
  for (const key in properties) {
    if (key === '__proto__') define(properties, record[key] as string | null)
    else properties[key] = record[key] as string | null
  }
  return properties
}
