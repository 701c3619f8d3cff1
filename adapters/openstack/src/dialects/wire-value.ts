import { isJsonObject } from '@imago/core/provider'
import { GLANCE_BASE_KEYS } from '@imago/schema-openstack/image'

const WORDS: ReadonlyMap<unknown, boolean> = new Map([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
])

const FLAGS: ReadonlySet<string> = new Set(['protected', 'os_hidden'])

const COUNTS: ReadonlySet<string> = new Set(['size', 'virtual_size', 'min_disk', 'min_ram'])

const DIGITS = /^\d{1,16}$/

/** Restores the type of a base key that a client printed as text: `os_hidden` among the properties, sizes in `-f csv` and in Ansible templates. */
const toTypedValue = (key: string, value: unknown): unknown => {
  if (typeof value !== 'string') return value
  if (FLAGS.has(key)) return WORDS.get(value) ?? value
  return COUNTS.has(key) && DIGITS.test(value) ? Number(value) : value
}

/**
 * openstacksdk parses some properties, and the openstack command prints the parsed value. Numbers are converted back to text.
 * 0 and booleans are dropped, because invalid text also becomes 0 and Python's `bool('false')` is true (seen with 0.101.0 and 4.4.0); both stay in `raw`.
 * The client prints null for an absent key.
 */
export const toWireValue = (key: string, value: unknown): unknown => {
  if (value === null) return undefined
  if (GLANCE_BASE_KEYS.has(key)) return toTypedValue(key, value)
  if (typeof value === 'number') return value === 0 ? undefined : String(value)
  return typeof value === 'boolean' || isJsonObject(value) ? undefined : value
}

export const LIFT_PROPERTIES: ReadonlySet<string> = new Set(['properties'])
