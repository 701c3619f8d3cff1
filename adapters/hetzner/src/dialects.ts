import { toInstant } from '@imago/codec'
import type { Dialect, ForeignShape, JsonObject, Sureness } from '@imago/core'
import { isJsonObject } from '@imago/core'

const certain = (because: string): Sureness => ({ certainty: 'certain', because })
const likely = (because: string): Sureness => ({ certainty: 'likely', because })

/** Keys that only a Hetzner image has, of all that imago knows. A record that has one is recognized without its id, so that what is wrong with the id can be told. */
const BY_FLAVOR = certain('it has os_flavor')
const BY_RAPID_DEPLOY = certain('it has rapid_deploy')
const BY_WORDS = likely('it has a numeric id, a type and status in Hetzner’s words, and a size, server or deprecation as Hetzner writes them')

const TYPES: ReadonlySet<unknown> = new Set(['system', 'app', 'snapshot', 'backup', 'temporary'])
const STATUSES: ReadonlySet<unknown> = new Set(['available', 'creating', 'unavailable'])

/** DigitalOcean's images have numeric ids, snapshots that are available, and none of these. */
const hasHetznerKey = (record: JsonObject): boolean =>
  record['image_size'] !== undefined || record['disk_size'] !== undefined || record['created_from'] !== undefined || record['bound_to'] !== undefined || record['deprecation'] !== undefined

/** A Glance property may have any name, `os_flavor` too; but its image has a UUID. */
const isOtherId = (id: unknown): boolean => typeof id === 'string' && !/^\d+$/.test(id)

const recognizeHetzner = (record: JsonObject): Sureness | null => {
  if (record['os_flavor'] !== undefined) return isOtherId(record['id']) ? null : BY_FLAVOR
  if (record['rapid_deploy'] !== undefined) return isOtherId(record['id']) ? null : BY_RAPID_DEPLOY
  if (typeof record['id'] !== 'number' || record['server_type'] !== undefined) return null
  return TYPES.has(record['type']) && (STATUSES.has(record['status']) || record['status'] === undefined) && hasHetznerKey(record) ? BY_WORDS : null
}

/** Go's zero time: what hcloud prints for a date that the API gave as null. */
const ZERO_TIME = '0001-01-01T00:00:00Z'

/** The zeros of Go that hcloud prints where the API said null or nothing, by wire key. */
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

/**
 * hcloud prints its Go structure, so what the API left out or gave as null comes as Go's zero. Seen from 1.30.3: `0001-01-01T00:00:00Z` in
 * `deprecated` and `deleted`, `image_size` 0. Later versions: `architecture` "". A real image is never 0 GB large and never of year 1.
 */
const hcloud: Dialect = {
  name: 'hcloud',
  title: 'hcloud image list|describe -o json, hcloud all list -o json',
  recognize: (record) =>
    record['deleted'] === ZERO_TIME || record['deprecated'] === ZERO_TIME || record['architecture'] === '' || (record['image_size'] === 0 && record['deleted'] !== undefined) ? recognizeHetzner(record) : null,
  translation: { respell: (key, value) => (ZEROS.has(key) && ZEROS.get(key) === value ? undefined : value) },
}

/** hcloud-python keeps a server as an object; written with `default=str` it is `<hcloud.servers.client.BoundServer object at 0x…>`, which says nothing. */
const fromPython = (key: string, value: unknown): unknown => {
  if (key !== 'bound_to' && key !== 'created_from') return value
  if (typeof value === 'string' && value.startsWith('<hcloud.')) return undefined
  return key === 'bound_to' && isJsonObject(value) ? (value['id'] ?? undefined) : value
}

const isPythonDate = (value: unknown): boolean => typeof value === 'string' && value[10] === ' ' && toInstant(value) !== undefined

/** The attributes of hcloud-python's `Image`: its dates by Python's `str`, its servers as objects. Written with `isoformat` and ids it is the API's own shape. */
const hcloudPython: Dialect = {
  name: 'hcloud-python',
  title: 'attributes of hcloud-python’s Image',
  recognize: (record) => (isPythonDate(record['created']) || isPythonDate(record['deprecated']) || isJsonObject(record['bound_to']) ? recognizeHetzner(record) : null),
  translation: { respell: fromPython },
}

const api: Dialect = { name: 'api', title: 'the API’s own: GET /images, GET /images/{id}', recognize: recognizeHetzner }

/** The shapes in which Hetzner's images are found on disk. */
export const hetznerDialects: readonly [Dialect, ...Dialect[]] = [api, hcloud, hcloudPython]

const isNumeric = (record: JsonObject): boolean => typeof record['id'] === 'number'

/** Records of Hetzner's that are no images. */
export const hetznerForeign: readonly ForeignShape[] = [
  { recognize: (record) => isNumeric(record) && (record['type'] === 'public' || record['type'] === 'private') && 'description' in record, because: 'it is a Hetzner ISO, which has an endpoint of its own and is no image' },
  { recognize: (record) => isNumeric(record) && 'server_type' in record, because: 'it is a Hetzner server without an image' },
  { recognize: (record) => isNumeric(record) && 'command' in record && 'progress' in record, because: 'it is a Hetzner action' },
]
