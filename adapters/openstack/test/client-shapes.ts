import type { JsonObject } from '@imago/core/provider'

type Entries = readonly (readonly [string, unknown])[]

const filterEntries = (record: JsonObject, isWanted: (key: string) => boolean): Entries =>
  Object.entries(record).filter(([key]) => isWanted(key))

const SDK_NAMES: ReadonlyMap<string, string> = new Map([
  ['os_hidden', 'is_hidden'],
  ['protected', 'is_protected'],
  ['os_hash_algo', 'hash_algo'],
  ['os_hash_value', 'hash_value'],
  ['img_config_drive', 'needs_config_drive'],
  ['os_secure_boot', 'needs_secure_boot'],
  ['hw_vif_multiqueue_enabled', 'is_hw_vif_multiqueue_enabled'],
  ['hw_boot_menu', 'is_hw_boot_menu_enabled'],
  ['auto_disk_config', 'has_auto_disk_config'],
])

/** Attributes of openstacksdk's Image with the same name as in the API. All others, unless renamed, are in `properties`. */
const SDK_ATTRIBUTES: ReadonlySet<string> = new Set([
  'id',
  'name',
  'checksum',
  'container_format',
  'created_at',
  'disk_format',
  'min_disk',
  'min_ram',
  'owner',
  'size',
  'status',
  'updated_at',
  'virtual_size',
  'visibility',
  'file',
  'locations',
  'direct_url',
  'schema',
  'tags',
  'architecture',
  'instance_uuid',
  'os_distro',
  'os_version',
  'os_type',
  'os_admin_user',
  'hw_disk_bus',
  'kernel_id',
])

const SDK_LOCATION = {
  cloud: 'demo',
  region_name: 'RegionOne',
  zone: null,
  project: { id: '2b27062f1db14cc2bcf47e555c49f9de', name: 'demo' },
}

/** Converts an API record to the output of openstacksdk's `Image.to_dict()`: renamed attributes, null for missing keys, and other keys in `properties`. */
export const inOpenstackSdk = (record: JsonObject): JsonObject => {
  const isAttribute = (key: string): boolean => SDK_ATTRIBUTES.has(key) || SDK_NAMES.has(key)
  const attributes = filterEntries(record, isAttribute).map(
    ([key, value]) => [SDK_NAMES.get(key) ?? key, value] as const,
  )
  const absent = [...SDK_ATTRIBUTES]
    .filter((key) => key !== 'id' && !Object.hasOwn(record, key))
    .map((key) => [key, null] as const)
  const owner = record['owner'] ?? null
  return Object.fromEntries([
    ...absent,
    ...attributes,
    ['owner_id', owner],
    ['properties', Object.fromEntries(filterEntries(record, (key) => !isAttribute(key) && key !== 'self'))],
    ['store', null],
    ['location', SDK_LOCATION],
  ])
}

const SHOWN: ReadonlySet<string> = new Set([
  'checksum',
  'container_format',
  'created_at',
  'disk_format',
  'file',
  'id',
  'min_disk',
  'min_ram',
  'name',
  'owner',
  'protected',
  'schema',
  'size',
  'status',
  'tags',
  'updated_at',
  'virtual_size',
  'visibility',
])

/** Converts an API record to the output of `openstack image show -f json`: without nulls, and unknown keys in `properties`. */
export const inOpenstackShow = (record: JsonObject): JsonObject => {
  const entries = filterEntries(record, (key) => record[key] !== null && key !== 'self')
  return Object.fromEntries([
    ...entries.filter(([key]) => SHOWN.has(key)),
    ['properties', Object.fromEntries(entries.filter(([key]) => !SHOWN.has(key)))],
  ])
}

/** Formats text as Python's `str`. */
const inPython = (value: unknown): string =>
  value === true ? 'True' : value === false ? 'False' : typeof value === 'string' ? value : JSON.stringify(value)

/** Converts an API record to the output of openstackclient before 4, with tags and properties as one text each. Omits keys and values that are ambiguous there. */
export const inOpenstackShow3 = (record: JsonObject): JsonObject => {
  const { properties, tags, ...shown } = inOpenstackShow(record) as {
    readonly properties: JsonObject
    readonly tags?: unknown
  }
  const entries = Object.entries(properties).filter(
    ([key, value]) =>
      /^[^\s'",=]+$/.test(key) && typeof value !== 'object' && !inPython(value).includes("'") && value !== 'None',
  )
  return {
    ...shown,
    tags: Array.isArray(tags) && tags.every((tag) => typeof tag === 'string') ? tags.join(', ') : '',
    properties: entries.map(([key, value]) => `${key}='${inPython(value)}'`).join(', '),
  }
}

/** Converts an API record to shade's format: a Munch with each property twice, and both old and new names. */
export const inShade = (record: JsonObject): JsonObject => {
  const base = filterEntries(record, (key) => SHOWN.has(key) || key === 'os_hidden')
  const properties = Object.fromEntries(
    filterEntries(record, (key) => !SHOWN.has(key) && key !== 'self' && key !== 'os_hidden'),
  )
  return Object.fromEntries([
    ['location', SDK_LOCATION],
    ...base,
    ['size', record['size'] ?? 0],
    ['virtual_size', record['virtual_size'] ?? 0],
    ['min_disk', record['min_disk'] ?? 0],
    ['min_ram', record['min_ram'] ?? 0],
    ['minDisk', record['min_disk'] ?? 0],
    ['minRam', record['min_ram'] ?? 0],
    ['is_public', record['visibility'] === 'public'],
    ['is_protected', record['protected'] === true],
    ['properties', properties],
    ['metadata', properties],
    ...Object.entries(properties).filter(
      ([key]) =>
        ![
          'location',
          'metadata',
          'is_public',
          'is_protected',
          'minDisk',
          'minRam',
          'created',
          'updated',
          'properties',
        ].includes(key),
    ),
  ])
}

const TERRAFORM_NAMES: ReadonlyMap<string, string> = new Map([
  ['min_disk', 'min_disk_gb'],
  ['min_ram', 'min_ram_mb'],
  ['size', 'size_bytes'],
  ['os_hidden', 'hidden'],
])

/** Converts an API record to the state of Terraform's data source openstack_images_image_v2: with Go's zero values, properties as text, and the query arguments. */
export const inTerraform = (record: JsonObject): JsonObject => ({
  min_disk_gb: 0,
  min_ram_mb: 0,
  size_bytes: 0,
  region: 'RegionOne',
  sort: 'name:asc',
  most_recent: true,
  ...Object.fromEntries(
    filterEntries(record, (key) => SHOWN.has(key) || key === 'os_hidden').map(([key, value]) => [
      TERRAFORM_NAMES.get(key) ?? key,
      value,
    ]),
  ),
  properties: Object.fromEntries(
    filterEntries(record, (key) => !SHOWN.has(key) && key !== 'os_hidden')
      .filter(([, value]) => typeof value === 'string' || typeof value === 'boolean')
      .map(([key, value]) => [key, String(value)]),
  ),
})

const camelCase = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

/** Converts an API record to Pulumi's state. */
export const inPulumi = (record: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(inTerraform(record)).map(([key, value]) => [camelCase(key), value]))

const COLUMNS: ReadonlyMap<string, string> = new Map([
  ['id', 'ID'],
  ['name', 'Name'],
  ['disk_format', 'Disk Format'],
  ['container_format', 'Container Format'],
  ['size', 'Size'],
  ['checksum', 'Checksum'],
  ['status', 'Status'],
  ['visibility', 'Visibility'],
  ['protected', 'Protected'],
  ['owner', 'Project'],
  ['tags', 'Tags'],
])

/** Converts an API record to the output of `openstack image list --long -f json`: eleven columns, null for missing values. */
export const inOpenstackList = (record: JsonObject): JsonObject =>
  Object.fromEntries(
    [...COLUMNS].flatMap(([key, column]) =>
      key === 'id' && !Object.hasOwn(record, key) ? [] : [[column, record[key] ?? null] as const],
    ),
  )

/** Converts an API record to gophercloud's `Image`, written by Go's `json.Marshal`: no size, no properties, and Go's zero values for null. */
export const inGophercloud = (record: JsonObject): JsonObject => {
  const zeros = { name: '', container_format: '', disk_format: '', checksum: '', virtual_size: 0 }
  const kept = filterEntries(record, (key) => SHOWN.has(key) && key !== 'size').filter(([, value]) => value !== null)
  return { ...zeros, metadata: null, ...Object.fromEntries(kept), schema: '/v2/schemas/image' }
}
