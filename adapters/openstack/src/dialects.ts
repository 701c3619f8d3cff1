import type { Dialect, ForeignShape, JsonObject, Sureness, Translation } from '@imago/core'
import { isJsonObject } from '@imago/core'
import { GLANCE_BASE_KEYS } from '@imago/schema-openstack/image'

const certain = (because: string): Sureness => ({ certainty: 'certain', because })
const likely = (because: string): Sureness => ({ certainty: 'likely', because })

const BY_SCHEMA = certain('its schema is /v2/schemas/image')
const BY_FORMATS = certain('it has disk_format, container_format and visibility')
const BY_HASH = certain('it has a text id and os_hash_algo')
const BY_WORDS = likely('it has a text id and a status in Glance’s words')
const BY_PROPERTIES = certain('it has Glance’s fields and a properties object')
const BY_SDK_NAMES = certain('it has openstacksdk’s own names: is_protected, is_hidden, hash_algo, owner_id')
const BY_COLUMNS = certain('it has the columns of openstack image list --long')
const BY_THREE_COLUMNS = likely('it has just the columns of openstack image list')

const STATUSES: ReadonlySet<unknown> = new Set(['queued', 'saving', 'active', 'killed', 'deleted', 'pending_delete', 'deactivated', 'uploading', 'importing'])

/** What only Glance's images have is recognized without an id, so that what is wrong with the id can be told. */
const recognizeGlance = (record: JsonObject): Sureness | null => {
  if (record['schema'] === '/v2/schemas/image') return BY_SCHEMA
  const { visibility } = record
  if (visibility !== undefined && record['disk_format'] !== undefined && record['container_format'] !== undefined) return BY_FORMATS
  if (typeof record['id'] !== 'string') return null
  if (record['os_hash_algo'] !== undefined) return BY_HASH
  return STATUSES.has(record['status']) && (visibility !== undefined || (record['min_disk'] !== undefined && record['is_public'] === undefined)) ? BY_WORDS : null
}

/**
 * openstacksdk parses some properties, and the openstack command prints what it parsed. A number is written back as text, but 0 is what a text
 * that is no number became, and a boolean says nothing at all: Python's `bool('false')` is true. Seen with 0.101.0 and 4.4.0. Both stay in `raw`.
 * A null is what the client prints for a key that was not there.
 */
const asOnTheWire = (key: string, value: unknown): unknown => {
  if (value === null) return undefined
  if (GLANCE_BASE_KEYS.has(key)) return value
  if (typeof value === 'number') return value === 0 ? undefined : String(value)
  return typeof value === 'boolean' || isJsonObject(value) ? undefined : value
}

const LIFT_PROPERTIES: ReadonlySet<string> = new Set(['properties'])

const showTranslation: Translation = { lift: LIFT_PROPERTIES, respell: asOnTheWire }

const openstackShow: Dialect = {
  name: 'openstack-show',
  title: 'openstack image show -f json',
  recognize: (record) => (isJsonObject(record['properties']) && record['is_public'] === undefined && recognizeGlance(record) !== null ? BY_PROPERTIES : null),
  translation: showTranslation,
}

/** openstacksdk: openstack/image/v2/image.py, where a name differs from the wire's. */
const SDK_NAMES: ReadonlyMap<string, string> = new Map([
  ['is_hidden', 'os_hidden'],
  ['is_protected', 'protected'],
  ['hash_algo', 'os_hash_algo'],
  ['hash_value', 'os_hash_value'],
  ['owner_id', 'owner'],
  ['needs_config_drive', 'img_config_drive'],
  ['needs_secure_boot', 'os_secure_boot'],
  ['is_hw_vif_multiqueue_enabled', 'hw_vif_multiqueue_enabled'],
  ['is_hw_boot_menu_enabled', 'hw_boot_menu'],
  ['has_auto_disk_config', 'auto_disk_config'],
])

/** The wire's `protected` is not among the SDK's names; a property may be called `is_protected` or `owner_id`, but then `protected` stands beside it. */
const hasSdkNames = (record: JsonObject): boolean =>
  record['protected'] === undefined
    ? record['is_protected'] !== undefined || record['hash_algo'] !== undefined
    : typeof record['properties'] === 'object' && (record['owner_id'] !== undefined || isJsonObject(record['location']))

const openstacksdk: Dialect = {
  name: 'openstacksdk',
  title: 'openstacksdk’s Image.to_dict()',
  recognize: (record) => (typeof record['id'] === 'string' && hasSdkNames(record) && (record['disk_format'] !== undefined || record['status'] !== undefined) ? BY_SDK_NAMES : null),
  // `location` is where the SDK found the image (cloud, region, project): its own word, not Glance's.
  translation: { rename: SDK_NAMES, lift: LIFT_PROPERTIES, respell: asOnTheWire, own: new Set(['location']) },
}

const COLUMNS: ReadonlyMap<string, string> = new Map([
  ['ID', 'id'],
  ['Name', 'name'],
  ['Disk Format', 'disk_format'],
  ['Container Format', 'container_format'],
  ['Size', 'size'],
  ['Checksum', 'checksum'],
  ['Status', 'status'],
  ['Visibility', 'visibility'],
  ['Protected', 'protected'],
  ['Project', 'owner'],
  ['Owner', 'owner'],
  ['Tags', 'tags'],
  ['Hash Algorithm', 'os_hash_algo'],
  ['Hash Value', 'os_hash_value'],
  ['Created At', 'created_at'],
  ['Updated At', 'updated_at'],
  ['Virtual Size', 'virtual_size'],
  ['Min Disk', 'min_disk'],
  ['Min RAM', 'min_ram'],
  ['Hidden', 'os_hidden'],
])

/** Before openstackclient 5 the tags came as one text, `a, b`. */
const fromColumn = (key: string, value: unknown): unknown => (key === 'tags' && typeof value === 'string' ? value.split(',').map((tag) => tag.trim()).filter((tag) => tag !== '') : asOnTheWire(key, value))

const isShortList = (record: JsonObject): boolean => Object.keys(record).length === 3 && 'Name' in record && STATUSES.has(record['Status'])

const openstackList: Dialect = {
  name: 'openstack-list',
  title: 'openstack image list [--long] -f json',
  recognize: (record) => {
    if (typeof record['ID'] !== 'string') return null
    if ('Disk Format' in record && 'Container Format' in record) return BY_COLUMNS
    return isShortList(record) ? BY_THREE_COLUMNS : null
  },
  translation: { rename: COLUMNS, lift: new Set(['Properties']), respell: fromColumn },
}

const api: Dialect = { name: 'api', title: 'the API’s own: GET /v2/images, GET /v2/images/{id}; glanceclient', recognize: recognizeGlance }

/** The shapes in which Glance's images are found on disk. */
export const openstackDialects: readonly [Dialect, ...Dialect[]] = [api, openstacksdk, openstackShow, openstackList]

const hasLinks = (record: JsonObject): boolean => typeof record['id'] === 'string' && Array.isArray(record['links'])

/** Records of OpenStack's that are images, but not as Glance v2 tells them. */
export const openstackForeign: readonly ForeignShape[] = [
  { recognize: (record) => 'minDisk' in record || 'OS-EXT-IMG-SIZE:size' in record || (hasLinks(record) && 'progress' in record), because: 'it is from Nova’s image proxy, which leaves out formats, digests and visibility: list the images with Glance (openstack image list)' },
  { recognize: (record) => hasLinks(record) && !('status' in record), because: 'it is Nova’s reference to an image, no image' },
  { recognize: (record) => 'is_public' in record && ('disk_format' in record || 'container_format' in record), because: 'it is from Glance v1, which was removed in 2018: list the images with Glance v2' },
]
