import { toInstant } from '@imago/codec'
import type { Dialect, ForeignShape, JsonObject, DialectMatch } from '@imago/core/provider'
import { isJsonObject } from '@imago/core/provider'

const certain = (reason: string): DialectMatch => ({ certainty: 'certain', reason })
const likely = (reason: string): DialectMatch => ({ certainty: 'likely', reason })

/** Keys of Hetzner's images only. A record with one is recognized without its ID, so that a problem of the ID can be reported. */
const BY_FLAVOR = certain('it has os_flavor')
const BY_RAPID_DEPLOY = certain('it has rapid_deploy')
const BY_WORDS = likely(
  'it has a numeric id, a type and status in Hetzner’s words, and a size, server or deprecation as Hetzner writes them',
)

const TYPES: ReadonlySet<unknown> = new Set(['system', 'app', 'snapshot', 'backup', 'temporary'])
const STATUSES: ReadonlySet<unknown> = new Set(['available', 'creating', 'unavailable'])

/** Keys that DigitalOcean's images, which also have numeric IDs, lack. */
const hasHetznerKey = (record: JsonObject): boolean =>
  record['image_size'] !== undefined ||
  record['disk_size'] !== undefined ||
  record['created_from'] !== undefined ||
  record['bound_to'] !== undefined ||
  record['deprecation'] !== undefined

const BY_GO = certain('it has OSFlavor, RapidDeploy and a numeric ID')
const BY_ACTION = certain('it has a Hetzner image, and the action that makes it')
const BY_SNAPSHOT = likely('it has the attributes of Terraform’s hcloud_snapshot')

/** A Glance property may have any name, `os_flavor` too; but its image has a UUID. */
const isTextId = (id: unknown): boolean => typeof id === 'string' && /^\d{1,16}$/.test(id)
const isOtherId = (id: unknown): boolean => typeof id === 'string' && !isTextId(id)

/** Converts numbers that Ansible's templates and Terraform write as text. */
const asNumber = (value: unknown): unknown => (isTextId(value) ? Number(value) : value)
const withNumericId = (key: string, value: unknown): unknown => (key === 'id' ? asNumber(value) : value)

const recognizeHetzner = (record: JsonObject): DialectMatch | null => {
  if (record['os_flavor'] !== undefined) return isOtherId(record['id']) ? null : BY_FLAVOR
  if (record['rapid_deploy'] !== undefined) return isOtherId(record['id']) ? null : BY_RAPID_DEPLOY
  if (typeof record['id'] !== 'number' || record['server_type'] !== undefined) return null
  return TYPES.has(record['type']) &&
    (STATUSES.has(record['status']) || record['status'] === undefined) &&
    hasHetznerKey(record)
    ? BY_WORDS
    : null
}

/** Go's zero time, which hcloud prints for a date that is null in the API. */
const ZERO_TIME = '0001-01-01T00:00:00Z'

/** Go's zero values, which hcloud prints for null and absent keys, by wire key. */
const ZEROS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['created', ZERO_TIME],
  ['deprecated', ZERO_TIME],
  ['deleted', ZERO_TIME],
  ['image_size', 0],
  ['disk_size', 0],
  ['architecture', ''],
  ['os_version', ''],
  ['name', ''],
])

const withoutZeros = (key: string, value: unknown): unknown =>
  ZEROS.has(key) && ZEROS.get(key) === value ? undefined : value

/**
 * hcloud prints its Go structure, with zero values for keys that are absent or null in the API. Seen from 1.30.3: `0001-01-01T00:00:00Z` in
 * `deprecated` and `deleted`, `image_size` 0. Later versions: `architecture` "". No real image has 0 GB or a date in year 1.
 */
const hcloud: Dialect = {
  name: 'hcloud',
  title: 'hcloud image list|describe -o json, hcloud all list -o json',
  recognize: (record) =>
    record['deleted'] === ZERO_TIME ||
    record['deprecated'] === ZERO_TIME ||
    record['architecture'] === '' ||
    (record['image_size'] === 0 && record['deleted'] !== undefined)
      ? recognizeHetzner(record)
      : null,
  translation: { respell: withoutZeros },
}

const GO_NAMES: ReadonlyMap<string, string> = new Map([
  ['ID', 'id'],
  ['Name', 'name'],
  ['Type', 'type'],
  ['Status', 'status'],
  ['Description', 'description'],
  ['ImageSize', 'image_size'],
  ['DiskSize', 'disk_size'],
  ['Created', 'created'],
  ['CreatedFrom', 'created_from'],
  ['BoundTo', 'bound_to'],
  ['RapidDeploy', 'rapid_deploy'],
  ['OSFlavor', 'os_flavor'],
  ['OSVersion', 'os_version'],
  ['Architecture', 'architecture'],
  ['Protection', 'protection'],
  ['Labels', 'labels'],
  ['Deleted', 'deleted'],
  ['Deprecated', 'deprecated'],
  ['Deprecation', 'deprecation'],
])

const isDate = (value: unknown): boolean => typeof value === 'string' && toInstant(value) !== undefined

/** Translates the objects in an image. One that hcloud-go did not write stays unchanged, so that drift reports it. */
const fromGoObject = (key: string, value: JsonObject): unknown => {
  const { ID, Name, Delete, Announced, UnavailableAfter } = value
  // All fields of a server are printed, most of them zero.
  if (key === 'created_from' && typeof ID === 'number' && typeof Name === 'string') return { id: ID, name: Name }
  if (key === 'bound_to' && typeof ID === 'number') return ID
  if (key === 'protection' && typeof Delete === 'boolean') return { delete: Delete }
  return key === 'deprecation' && isDate(Announced) && isDate(UnavailableAfter)
    ? { announced: Announced, unavailable_after: UnavailableAfter }
    : value
}

/** hcloud-go's `Image`, written by Go's `json.Marshal`. Its fields have no tags, and so their names in Go. Seen from 2.52.0. */
const hcloudGo: Dialect = {
  name: 'hcloud-go',
  title: 'hcloud-go’s Image',
  recognize: (record) =>
    typeof record['ID'] === 'number' && 'OSFlavor' in record && 'RapidDeploy' in record ? BY_GO : null,
  translation: {
    rename: GO_NAMES,
    respell: (key, value) => (isJsonObject(value) ? fromGoObject(key, value) : withoutZeros(key, value)),
  },
}

/** `repr` of hcloud-python's `DeprecationInfo`, with `datetime`s: `announced=datetime.datetime(2026, 9, 1, 0, 0, tzinfo=tzutc()), …`. */
const DEPRECATION_START = 'DeprecationInfo(announced='
const DEPRECATION_MIDDLE = ', unavailable_after='
const PYTHON_DATETIME =
  /^datetime\.datetime\((\d{1,4}), (\d{1,2}), (\d{1,2}), (\d{1,2}), (\d{1,2})(?:, (\d{1,2}))?(?:, (\d{1,6}))?, tzinfo=(?:tzutc\(\)|datetime\.timezone\.utc)\)$/

/** `undefined`: not a `datetime` in UTC. */
const instantOfPython = (text: string): string | null | undefined => {
  if (text === 'None') return null
  const match = PYTHON_DATETIME.exec(text)
  if (match === null) return undefined
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '0', fraction = '0'] = match
  const two = (digits: string): string => digits.padStart(2, '0')
  return `${year.padStart(4, '0')}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}.${fraction.padStart(6, '0')}Z`
}

/** Any other text stays unchanged, and is reported as drift. */
const deprecationOfPython = (text: string): unknown => {
  const middle = text.indexOf(DEPRECATION_MIDDLE)
  if (!text.startsWith(DEPRECATION_START) || middle === -1 || !text.endsWith(')')) return text
  const announced = instantOfPython(text.slice(DEPRECATION_START.length, middle))
  const unavailable_after = instantOfPython(text.slice(middle + DEPRECATION_MIDDLE.length, -1))
  return announced === undefined || unavailable_after === undefined ? text : { announced, unavailable_after }
}

/** hcloud-python's servers are objects; `default=str` writes `<hcloud.servers.client.BoundServer object at 0x…>`, which is reported as drift. */
const fromPython = (key: string, value: unknown): unknown => {
  if (key === 'deprecation' && typeof value === 'string') return deprecationOfPython(value)
  return key === 'bound_to' && isJsonObject(value) ? (value['id'] ?? undefined) : value
}

const isPythonDate = (value: unknown): boolean =>
  typeof value === 'string' && value[10] === ' ' && toInstant(value) !== undefined
const isPythonObject = (value: unknown): boolean => typeof value === 'string' && value.startsWith('<hcloud.')
const isPythonRepr = (value: unknown): boolean => typeof value === 'string' && value.startsWith('DeprecationInfo(')

/** The attributes of hcloud-python's `Image`, with dates by Python's `str` and servers as objects. With `isoformat` and IDs, it is the API's shape. */
const hcloudPython: Dialect = {
  name: 'hcloud-python',
  title: 'attributes of hcloud-python’s Image',
  recognize: (record) =>
    isPythonDate(record['created']) ||
    isPythonDate(record['deprecated']) ||
    isJsonObject(record['bound_to']) ||
    isPythonObject(record['bound_to']) ||
    isPythonObject(record['created_from']) ||
    isPythonRepr(record['deprecation'])
      ? recognizeHetzner(record)
      : null,
  translation: { respell: fromPython },
}

/** The response to creating a snapshot: the image and its action, which `raw` keeps. */
const withAction: Dialect = {
  name: 'create-image',
  title: 'the response to POST /servers/{id}/actions/create_image',
  recognize: (record) =>
    isJsonObject(record['image']) && isJsonObject(record['action']) && recognizeHetzner(record['image']) !== null
      ? BY_ACTION
      : null,
  resembles: (record) => isJsonObject(record['image']) && isJsonObject(record['action']),
  translation: { lift: new Set(['image']), own: new Set(['action']) },
}

/** `hetzner.hcloud.image_info` has nine fields, without dates, sizes and servers. Templates write its IDs as text. */
const ansible: Dialect = {
  name: 'ansible',
  title: 'Ansible’s hetzner.hcloud.image_info',
  recognize: (record) => (isTextId(record['id']) && !isTerraform(record) ? recognizeHetzner(record) : null),
  resembles: (record) => isTextId(record['id']) && TYPES.has(record['type']),
  translation: { respell: withNumericId },
}

/** The arguments of the data sources hcloud_image and hcloud_images. */
const TERRAFORM_OWN: ReadonlySet<string> = new Set([
  'selector',
  'with_selector',
  'most_recent',
  'with_status',
  'with_architecture',
  'include_deprecated',
  'timeouts',
])
const PULUMI_NAMES: ReadonlyMap<string, string> = new Map([
  ['osFlavor', 'os_flavor'],
  ['osVersion', 'os_version'],
  ['rapidDeploy', 'rapid_deploy'],
  ['serverId', 'created_from'],
])
const PULUMI_OWN: ReadonlySet<string> = new Set([
  'selector',
  'withSelector',
  'mostRecent',
  'withStatuses',
  'withArchitecture',
  'includeDeprecated',
  '__defaults',
  '__meta',
  'urn',
])

const isTerraform = (record: JsonObject): boolean => [...TERRAFORM_OWN].some((key) => key in record)

/** Removes Go's empty texts, which are null in the API, and converts the server ID of a snapshot to the API's form. */
const fromTerraform = (key: string, value: unknown): unknown => {
  if (value === null || value === '') return undefined
  if (key === 'id') return asNumber(value)
  return key === 'created_from' && !isJsonObject(value) ? { id: asNumber(value) } : value
}

const isSnapshot = (record: JsonObject, server: string): boolean =>
  (typeof record[server] === 'number' || isTextId(record[server])) &&
  'labels' in record &&
  'description' in record &&
  (isTextId(record['id']) || typeof record['id'] === 'number') &&
  record['server_type'] === undefined &&
  record['type'] === undefined

const terraform: Dialect = {
  name: 'terraform',
  title: 'Terraform’s hcloud_image and hcloud_snapshot',
  recognize: (record) => {
    if (isSnapshot(record, 'server_id')) return BY_SNAPSHOT
    return isTerraform(record) ? recognizeHetzner(record) : null
  },
  translation: { rename: new Map([['server_id', 'created_from']]), respell: fromTerraform, own: TERRAFORM_OWN },
}

const pulumi: Dialect = {
  name: 'pulumi',
  title: 'Pulumi’s hcloud.getImage and hcloud.Snapshot',
  recognize: (record) => {
    if ('osFlavor' in record) return isOtherId(record['id']) ? null : BY_FLAVOR
    return isSnapshot(record, 'serverId') ? BY_SNAPSHOT : null
  },
  translation: { rename: PULUMI_NAMES, respell: fromTerraform, own: PULUMI_OWN },
}

const api: Dialect = { name: 'api', title: 'the API’s own: GET /images, GET /images/{id}', recognize: recognizeHetzner }

/** The shapes of saved images of Hetzner. */
export const hetznerDialects: readonly [Dialect, ...Dialect[]] = [
  api,
  withAction,
  hcloud,
  hcloudGo,
  hcloudPython,
  terraform,
  pulumi,
  ansible,
]

const isNumeric = (record: JsonObject): boolean => typeof record['id'] === 'number'

/** Records of Hetzner that are not images. */
export const hetznerForeign: readonly ForeignShape[] = [
  // hcloud 1.30.3 prints every ISO's type as an empty string.
  {
    recognize: (record) =>
      isNumeric(record) &&
      (record['type'] === 'public' || record['type'] === 'private' || record['type'] === '') &&
      'description' in record &&
      !('status' in record),
    reason: 'it is a Hetzner ISO, which has its own endpoint and is not an image',
  },
  {
    recognize: (record) => isNumeric(record) && 'server_type' in record,
    reason: 'it is a Hetzner server without an image',
  },
  {
    recognize: (record) => isNumeric(record) && 'command' in record && 'progress' in record,
    reason: 'it is a Hetzner action',
  },
]
