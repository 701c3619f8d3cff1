import type { Dialect, ForeignShape, JsonObject, DialectMatch, Translation } from '@imago/core/provider'
import { isJsonObject } from '@imago/core/provider'
import { GLANCE_BASE_KEYS } from '@imago/schema-openstack/image'

const certain = (reason: string): DialectMatch => ({ certainty: 'certain', reason })
const likely = (reason: string): DialectMatch => ({ certainty: 'likely', reason })

const BY_SCHEMA = certain('its schema is /v2/schemas/image')
const BY_FORMATS = certain('it has disk_format, container_format and visibility')
const BY_HASH = certain('it has a text id and os_hash_algo')
const BY_WORDS = likely('it has a text id and a status in Glance’s words')
const BY_PROPERTIES = certain('it has Glance’s fields and a properties object')
const BY_SDK_NAMES = certain('it has openstacksdk’s own names: is_protected, is_hidden, hash_algo, owner_id')
const BY_TEXTS = certain('it has Glance’s fields, and its tags or properties in one text')
const BY_SHADE = certain('it has is_public beside min_disk and minDisk, or beside is_protected and a properties object')
const BY_TERRAFORM = certain('it has min_disk_gb, min_ram_mb or size_bytes beside Glance’s formats')
const BY_PULUMI = certain('it has containerFormat and diskFormat')
const BY_GO = certain('it has metadata beside schema and virtual_size, and no size')
const BY_COLUMNS = certain('it has the columns of openstack image list --long')
const BY_THREE_COLUMNS = likely('it has just the columns of openstack image list')

const STATUSES: ReadonlySet<unknown> = new Set([
  'queued',
  'saving',
  'active',
  'killed',
  'deleted',
  'pending_delete',
  'deactivated',
  'uploading',
  'importing',
])

/** Recognizes images by fields specific to Glance, without an ID, so that a missing or invalid ID can be reported. */
const looksLikeGlance = (record: JsonObject): DialectMatch | null => {
  if (record['schema'] === '/v2/schemas/image') return BY_SCHEMA
  const { visibility } = record
  if (visibility !== undefined && record['disk_format'] !== undefined && record['container_format'] !== undefined)
    return BY_FORMATS
  if (typeof record['id'] !== 'string') return null
  if (record['os_hash_algo'] !== undefined) return BY_HASH
  return STATUSES.has(record['status']) &&
    (visibility !== undefined || (record['min_disk'] !== undefined && record['is_public'] === undefined))
    ? BY_WORDS
    : null
}

/** Glance sends tags as a list; a client's output may have them as one string. */
const recognizeGlance = (record: JsonObject): DialectMatch | null =>
  typeof record['tags'] === 'string' ? null : looksLikeGlance(record)

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
const toWireValue = (key: string, value: unknown): unknown => {
  if (value === null) return undefined
  if (GLANCE_BASE_KEYS.has(key)) return toTypedValue(key, value)
  if (typeof value === 'number') return value === 0 ? undefined : String(value)
  return typeof value === 'boolean' || isJsonObject(value) ? undefined : value
}

const LIFT_PROPERTIES: ReadonlySet<string> = new Set(['properties'])

const showTranslation: Translation = { lift: LIFT_PROPERTIES, respell: toWireValue }

/** Any choice of columns (`-c id -c properties`) yields a record with lower-case keys; it must include the image's ID. */
const openstackShow: Dialect = {
  name: 'openstack-show',
  title: 'openstack image show -f json',
  recognize: (record) =>
    isJsonObject(record['properties']) && record['is_public'] === undefined && recognizeGlance(record) !== null
      ? BY_PROPERTIES
      : null,
  resembles: (record) => typeof record['id'] === 'string' && isJsonObject(record['properties']),
  translation: showTranslation,
}

const toTags = (text: string): readonly string[] =>
  text
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '')

/** How Python's `str` prints a missing value. */
const NO_VALUE: ReadonlySet<unknown> = new Set([null, 'None'])

/** Start of the next entry in `key='value', other='value', gone=`. A key that contains a quote, a comma or an equals sign cannot be distinguished from a value. */
const NEXT_ENTRY = /', (?=[^'=,]{1,255}=(?:'|, |$))/

const parseEntries = (text: string): readonly (readonly [string, string])[] | null => {
  const entries: (readonly [string, string])[] = []
  let rest = text
  while (rest !== '') {
    const sign = rest.indexOf('=')
    const key = rest.slice(0, sign)
    if (sign < 1 || sign > 255 || /[',]/.test(key)) return null
    const value = rest.slice(sign + 1)
    if (value === '' || value.startsWith(', ')) {
      rest = value.slice(2)
      continue
    }
    if (!value.startsWith("'")) return null
    const next = NEXT_ENTRY.exec(value)
    if (next === null && (value.length < 2 || !value.endsWith("'"))) return null
    entries.push([key, value.slice(1, next?.index ?? -1)])
    rest = next === null ? '' : value.slice(next.index + next[0].length)
  }
  return entries
}

/** Longer than the properties of any real image. */
const LONGEST_PROPERTIES = 1_000_000

/** Parses the output of osc-lib's `format_dict`, which escapes nothing. Returns `null` for a repeated key, because a value was then mistaken for an entry. */
const parseProperties = (text: string): JsonObject | null => {
  const entries = text.length > LONGEST_PROPERTIES ? null : parseEntries(text)
  if (entries === null || new Set(entries.map(([key]) => key)).size < entries.length) return null
  return Object.fromEntries(entries)
}

const unfoldText = (_key: string, value: unknown): JsonObject | null =>
  typeof value === 'string' ? parseProperties(value) : null

/** openstackclient before 4 prints tags and properties as strings in every format. With properties in one string, none is at the top level. */
const isShownInTexts = (record: JsonObject): boolean => {
  const { tags, properties } = record
  if (tags !== undefined && typeof tags !== 'string') return false
  if (typeof properties === 'string')
    return (
      unfoldText('', properties) !== null &&
      Object.keys(record).every((key) => key === 'properties' || GLANCE_BASE_KEYS.has(key))
    )
  return typeof tags === 'string' && properties === undefined
}

/**
 * Parses `locations` printed by Python's `str`: `[{'url': 'file:///a', 'metadata': {'store': 'fast'}}]`.
 * Text without double quotes and escapes becomes JSON by replacing the quotes; other text stays as it is.
 */
const fromPythonList = (text: string): unknown => {
  if (text.length > LONGEST_PROPERTIES || !text.startsWith('[') || /["\\]/.test(text)) return text
  try {
    return JSON.parse(text.replaceAll("'", '"')) as unknown
  } catch {
    return text
  }
}

const fromTexts = (key: string, value: unknown): unknown => {
  if (key === 'locations' && typeof value === 'string') return fromPythonList(value)
  if (key === 'tags') return typeof value === 'string' ? toTags(value) : toWireValue(key, value)
  return GLANCE_BASE_KEYS.has(key) && NO_VALUE.has(value) ? undefined : toWireValue(key, value)
}

const openstackShowTexts: Dialect = {
  name: 'openstack-show-3',
  title: 'openstack image show -f json of openstackclient before 4',
  recognize: (record) => (isShownInTexts(record) && looksLikeGlance(record) !== null ? BY_TEXTS : null),
  translation: { lift: LIFT_PROPERTIES, unfold: unfoldText, respell: fromTexts },
}

/** openstacksdk: openstack/image/v2/image.py, names that differ from the API's. */
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

/** The API's `protected` is not an SDK name. A property may be named `is_protected` or `owner_id`, but then `protected` is also present. */
const hasSdkNames = (record: JsonObject): boolean =>
  record['protected'] === undefined
    ? record['is_protected'] !== undefined || record['hash_algo'] !== undefined
    : typeof record['properties'] === 'object' && (record['owner_id'] !== undefined || isJsonObject(record['location']))

const openstacksdk: Dialect = {
  name: 'openstacksdk',
  title: 'openstacksdk’s Image.to_dict()',
  recognize: (record) =>
    typeof record['id'] === 'string' &&
    hasSdkNames(record) &&
    !isFromShade(record) &&
    (record['disk_format'] !== undefined || record['status'] !== undefined)
      ? BY_SDK_NAMES
      : null,
  // `location` is the image's cloud, region and project, added by the SDK.
  translation: { rename: SDK_NAMES, lift: LIFT_PROPERTIES, respell: toWireValue, own: new Set(['location']) },
}

/** shade's alternative names for Glance's fields, and the location that it adds. */
const SHADE_OWN: ReadonlySet<string> = new Set([
  'location',
  'metadata',
  'is_public',
  'minDisk',
  'minRam',
  'created',
  'updated',
])

/** With `strict=True`, shade omits `protected`. */
const SHADE_NAMES: ReadonlyMap<string, string> = new Map([['is_protected', 'protected']])

/** A property named `is_public` replaces shade's own, which is a boolean. */
const isFromShade = (record: JsonObject): boolean =>
  'is_public' in record &&
  (('minDisk' in record && 'min_disk' in record) ||
    (typeof record['is_public'] === 'boolean' &&
      typeof record['is_protected'] === 'boolean' &&
      isJsonObject(record['properties'])))

/** shade replaces null sizes by 0. */
const fromShade = (key: string, value: unknown): unknown =>
  (key === 'size' || key === 'virtual_size') && value === 0 ? undefined : toWireValue(key, value)

/** shade, and its successor openstacksdk before 0.99: `_normalize_image`. The content of `properties` is repeated at the top level. */
const shade: Dialect = {
  name: 'shade',
  title: 'list_images() of shade and of openstacksdk before 0.99',
  recognize: (record) => (typeof record['id'] === 'string' && isFromShade(record) ? BY_SHADE : null),
  translation: { rename: SHADE_NAMES, lift: LIFT_PROPERTIES, respell: fromShade, own: SHADE_OWN },
}

const TERRAFORM_NAMES: ReadonlyMap<string, string> = new Map([
  ['min_disk_gb', 'min_disk'],
  ['min_ram_mb', 'min_ram'],
  ['size_bytes', 'size'],
  ['hidden', 'os_hidden'],
])

/** Arguments of the resource and the data source openstack_images_image_v2, and the region. */
const TERRAFORM_OWN: ReadonlySet<string> = new Set([
  'region',
  'metadata',
  'most_recent',
  'sort',
  'sort_key',
  'sort_direction',
  'size_min',
  'size_max',
  'tag',
  'name_regex',
  'member_status',
  'image_id',
  'timeouts',
  'image_source_url',
  'image_source_username',
  'image_source_password',
  'image_cache_path',
  'local_file_path',
  'web_download',
  'verify_checksum',
  'decompress',
])

/** Go's zero values: size 0 for an image without data, and empty texts. */
const fromTerraform = (key: string, value: unknown): unknown =>
  (key === 'size' && value === 0) || (value === '' && GLANCE_BASE_KEYS.has(key)) ? undefined : toWireValue(key, value)

const hasFormats = (record: JsonObject): boolean =>
  'container_format' in record || 'disk_format' in record || record['schema'] === '/v2/schemas/image'

const terraform: Dialect = {
  name: 'terraform',
  title: 'Terraform’s openstack_images_image_v2',
  recognize: (record) =>
    ('min_disk_gb' in record || 'min_ram_mb' in record || 'size_bytes' in record) && hasFormats(record)
      ? BY_TERRAFORM
      : null,
  translation: { rename: TERRAFORM_NAMES, lift: LIFT_PROPERTIES, respell: fromTerraform, own: TERRAFORM_OWN },
}

/** Pulumi's provider wraps Terraform's, with names in camel case. */
const camelCase = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

const PULUMI_NAMES: ReadonlyMap<string, string> = new Map([
  ...[...GLANCE_BASE_KEYS].map((key) => [camelCase(key), key] as const),
  ...[...TERRAFORM_NAMES].map(([name, key]) => [camelCase(name), key] as const),
])

const pulumi: Dialect = {
  name: 'pulumi',
  title: 'Pulumi’s openstack.images.Image and getImage',
  recognize: (record) =>
    typeof record['id'] === 'string' && 'containerFormat' in record && 'diskFormat' in record ? BY_PULUMI : null,
  translation: {
    rename: PULUMI_NAMES,
    lift: LIFT_PROPERTIES,
    respell: fromTerraform,
    own: new Set([...[...TERRAFORM_OWN].map(camelCase), '__defaults', '__meta', 'urn']),
  },
}

/** `metadata`, which Glance does not send, and keys of a complete Glance record, which this one is not: it has no properties. */
const GO_OWN: ReadonlySet<string> = new Set(['metadata', 'schema', 'file'])

/** gophercloud's `Image`, written by Go's `json.Marshal`. Size and properties are omitted, and null values become Go's zero values. */
const gophercloud: Dialect = {
  name: 'gophercloud',
  title: 'gophercloud’s Image',
  recognize: (record) =>
    typeof record['id'] === 'string' &&
    record['schema'] === '/v2/schemas/image' &&
    typeof record['virtual_size'] === 'number' &&
    'metadata' in record &&
    !('size' in record)
      ? BY_GO
      : null,
  translation: {
    own: GO_OWN,
    respell: (key, value) =>
      value === '' || value === null || (key === 'virtual_size' && value === 0) ? undefined : value,
  },
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

/** openstackclient before 4 prints tags as one string, `a, b`. */
const fromColumn = (key: string, value: unknown): unknown =>
  key === 'tags' && typeof value === 'string' ? toTags(value) : toWireValue(key, value)

const isColumn = (key: string): boolean => COLUMNS.has(key) || key === 'Properties'

/** Any choice of column headings. Other lists of the openstack command share some of them. */
const isColumns = (record: JsonObject): boolean =>
  typeof record['ID'] === 'string' &&
  Object.keys(record).every(isColumn) &&
  (record['Status'] === undefined || STATUSES.has(record['Status']))

const isShortList = (record: JsonObject): boolean =>
  Object.keys(record).length === 3 && 'Name' in record && STATUSES.has(record['Status'])

const openstackList: Dialect = {
  name: 'openstack-list',
  title: 'openstack image list [--long] -f json',
  recognize: (record) => {
    if (typeof record['ID'] !== 'string') return null
    if ('Disk Format' in record && 'Container Format' in record) return BY_COLUMNS
    return isShortList(record) ? BY_THREE_COLUMNS : null
  },
  resembles: isColumns,
  translation: { rename: COLUMNS, lift: new Set(['Properties']), unfold: unfoldText, respell: fromColumn },
}

const api: Dialect = {
  name: 'api',
  title: 'the API’s own: GET /v2/images, GET /v2/images/{id}; glanceclient',
  recognize: recognizeGlance,
}

/** Formats in which Glance images are stored in files. */
export const openstackDialects: readonly [Dialect, ...Dialect[]] = [
  api,
  shade,
  openstacksdk,
  terraform,
  pulumi,
  gophercloud,
  openstackShow,
  openstackShowTexts,
  openstackList,
]

const hasLinks = (record: JsonObject): boolean => typeof record['id'] === 'string' && Array.isArray(record['links'])

const isShown = (key: string): boolean => GLANCE_BASE_KEYS.has(key) || key === 'properties'

/** Whether the record has only known columns and lacks the one with the ID. */
const isWithout = (id: string, record: JsonObject, isKnown: (key: string) => boolean): boolean => {
  const keys = Object.keys(record)
  return keys.length > 0 && !keys.includes(id) && keys.every(isKnown)
}

/** OpenStack images in formats other than Glance v2. */
export const openstackForeign: readonly ForeignShape[] = [
  {
    recognize: (record) =>
      'minDisk' in record || 'OS-EXT-IMG-SIZE:size' in record || (hasLinks(record) && 'progress' in record),
    reason:
      'it is from Nova’s image proxy, which leaves out formats, digests and visibility: list the images with Glance (openstack image list)',
  },
  {
    recognize: (record) => hasLinks(record) && !('status' in record),
    reason: 'it is Nova’s reference to an image, no image',
  },
  {
    recognize: (record) => typeof record['tags'] === 'string' && looksLikeGlance(record) !== null,
    reason:
      'it is from openstackclient before 4, whose properties are one string that cannot be taken apart for certain: save it with openstackclient 4 or newer',
  },
  {
    recognize: (record) => isWithout('ID', record, isColumn),
    reason: 'it has no ID; if it is from openstack image list, add -c ID',
  },
  {
    recognize: (record) => isWithout('id', record, isShown),
    reason: 'it has no id; if it is from openstack image show, add -c id',
  },
  {
    recognize: (record) => 'is_public' in record && ('disk_format' in record || 'container_format' in record),
    reason: 'it is from Glance v1, which was removed in 2018: list the images with Glance v2',
  },
]
