import { type JsonObject, type DialectMatch, certainMatch, likelyMatch } from '@imago/core/provider'

const BY_SCHEMA = certainMatch('its schema is /v2/schemas/image')

const BY_FORMATS = certainMatch('it has disk_format, container_format and visibility')

const BY_HASH = certainMatch('it has a text id and os_hash_algo')

const BY_WORDS = likelyMatch('it has a text id and a status in Glance’s words')

export const STATUSES: ReadonlySet<unknown> = new Set([
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
export const looksLikeGlance = (record: JsonObject): DialectMatch | null => {
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
export const recognizeGlance = (record: JsonObject): DialectMatch | null =>
  typeof record['tags'] === 'string' ? null : looksLikeGlance(record)
