import type { JsonObject } from '@imago/core/provider'

const respelled = (record: JsonObject, respell: (key: string, value: unknown) => unknown): JsonObject =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, respell(key, value)]))

const ZEROS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['name', ''],
  ['image_size', 0],
  ['os_version', ''],
  ['architecture', ''],
  ['deprecated', '0001-01-01T00:00:00Z'],
  ['deleted', '0001-01-01T00:00:00Z'],
])

/** An API record as hcloud 1.39 prints it: its Go structure with zero values for null and absent keys, without `deprecation`. */
export const inHcloud = (record: JsonObject): JsonObject => {
  const { deprecation: _, ...printed } = respelled(record, (key, value) =>
    value === null && ZEROS.has(key) ? ZEROS.get(key) : value,
  )
  return { ...Object.fromEntries([...ZEROS].filter(([key]) => !Object.hasOwn(record, key))), ...printed }
}

const isDate = (value: unknown): value is string => typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T/.test(value)

/** The response to creating an image. */
export const inCreateImage = (record: JsonObject): JsonObject => ({
  image: record,
  action: { id: 13, command: 'create_image', status: 'running', progress: 0 },
})

const ANSIBLE: readonly string[] = [
  'id',
  'type',
  'status',
  'name',
  'description',
  'os_flavor',
  'os_version',
  'architecture',
  'labels',
]

/** An API record as Ansible's hetzner.hcloud.image_info returns it, with the ID as text by a template. */
export const inAnsible = (record: JsonObject): JsonObject =>
  Object.fromEntries(
    ANSIBLE.filter((key) => Object.hasOwn(record, key)).map((key) => [
      key,
      key === 'id' && typeof record['id'] === 'number' ? String(record['id']) : record[key],
    ]),
  )

const TERRAFORM: readonly string[] = [
  ...ANSIBLE.filter((key) => key !== 'status'),
  'created',
  'rapid_deploy',
  'deprecated',
]

/** An API record as Terraform's hcloud_image stores it: null is an empty text. */
export const inTerraform = (record: JsonObject): JsonObject => ({
  ...Object.fromEntries(
    TERRAFORM.filter((key) => Object.hasOwn(record, key)).map((key) => [
      key,
      record[key] ?? (key === 'labels' ? null : ''),
    ]),
  ),
  selector: null,
  most_recent: true,
})

const camelCase = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

/** The same as Pulumi stores it. */
export const inPulumi = (record: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(inTerraform(record)).map(([key, value]) => [camelCase(key), value]))

/** An API record as a script prints the attributes of hcloud-python's `Image`: dates by `str`, servers as objects. */
export const inHcloudPython = (record: JsonObject): JsonObject =>
  respelled(record, (key, value) => {
    if (key === 'created' || key === 'deprecated')
      return isDate(value) ? value.replace('T', ' ').replace('Z', '+00:00') : value
    if (key === 'bound_to' && typeof value === 'number') return { id: value, name: null }
    return key === 'created_from' && value === null
      ? '<hcloud.servers.client.BoundServer object at 0x7f2c98ab0b90>'
      : value
  })

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** `os_version` as Go names it: `OSVersion`. */
const goName = (key: string): string =>
  key
    .split('_')
    .map((word) => (['id', 'os'].includes(word) ? word.toUpperCase() : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('')

/** An API record as Go's `json.Marshal` writes hcloud-go's `Image`: Go's names and zeros, servers as objects, unknown keys omitted. */
export const inHcloudGo = (record: JsonObject): JsonObject => {
  const value = (key: string): unknown => {
    const own = record[key]
    if (key === 'bound_to' && typeof own === 'number') return { ID: own, Name: '', Labels: null }
    if (isObject(own) && key !== 'labels')
      return Object.fromEntries(Object.entries(own).map(([inner, one]) => [goName(inner), one]))
    return own ?? ZEROS.get(key) ?? null
  }
  const known = [
    ...ANSIBLE,
    'created',
    'rapid_deploy',
    'deprecated',
    'deleted',
    'image_size',
    'disk_size',
    'created_from',
    'bound_to',
    'protection',
    'deprecation',
  ]
  return Object.fromEntries(known.map((key) => [goName(key), value(key)]))
}
