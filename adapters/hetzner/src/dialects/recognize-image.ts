import { type JsonObject, type DialectMatch, certainMatch, likelyMatch } from '@imago/core/provider'

/** Keys of Hetzner's images only. A record with one is recognized without its ID, so that a problem of the ID can be reported. */
export const BY_FLAVOR = certainMatch('it has os_flavor')

const BY_RAPID_DEPLOY = certainMatch('it has rapid_deploy')

const BY_WORDS = likelyMatch(
  'it has a numeric id, a type and status in Hetzner’s words, and a size, server or deprecation as Hetzner writes them',
)

export const TYPES: ReadonlySet<unknown> = new Set(['system', 'app', 'snapshot', 'backup', 'temporary'])

const STATUSES: ReadonlySet<unknown> = new Set(['available', 'creating', 'unavailable'])

/** Keys that DigitalOcean's images, which also have numeric IDs, lack. */
const hasHetznerKey = (record: JsonObject): boolean =>
  record['image_size'] !== undefined ||
  record['disk_size'] !== undefined ||
  record['created_from'] !== undefined ||
  record['bound_to'] !== undefined ||
  record['deprecation'] !== undefined

/** A Glance property may have any name, `os_flavor` too; but its image has a UUID. */
export const isTextId = (id: unknown): boolean => typeof id === 'string' && id.length <= 16 && /^\d+$/.test(id)

export const isOtherId = (id: unknown): boolean => typeof id === 'string' && !isTextId(id)

/** Converts numbers that Ansible's templates and Terraform write as text. */
export const asNumber = (value: unknown): unknown => (isTextId(value) ? Number(value) : value)

export const recognizeHetzner = (record: JsonObject): DialectMatch | null => {
  if (record['os_flavor'] !== undefined) return isOtherId(record['id']) ? null : BY_FLAVOR
  if (record['rapid_deploy'] !== undefined) return isOtherId(record['id']) ? null : BY_RAPID_DEPLOY
  if (typeof record['id'] !== 'number' || record['server_type'] !== undefined) return null
  return TYPES.has(record['type']) &&
    (STATUSES.has(record['status']) || record['status'] === undefined) &&
    hasHetznerKey(record)
    ? BY_WORDS
    : null
}
