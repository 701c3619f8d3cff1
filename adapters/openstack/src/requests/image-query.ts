import { toInstant } from '@imago/codec'
import {
  matchesConditions,
  createMatcher,
  pickFilters,
  toValueList,
  type AnyOf,
  type FilterName,
  type Image,
  type ImageKind,
  type ImageStatus,
  type Query,
  type Visibility,
} from '@imago/core/provider'
import type { Filters } from './images.ts'

/** The supported filters. Glance narrows the list, and `imageMatcher` removes the images it returns in excess. */
export const FILTERS: readonly FilterName[] = [
  'status',
  'visibility',
  'kind',
  'name',
  'owner',
  'labels',
  'tags',
  'olderThan',
  'newerThan',
  'deprecated',
  'hidden',
]

/** Glance's words for a status. `null`: they cannot be enumerated. */
const STATUS_WORDS: Readonly<Record<ImageStatus, readonly string[] | null>> = {
  pending: ['queued', 'saving', 'uploading', 'importing'],
  available: ['active'],
  unavailable: ['deactivated'],
  failed: ['killed'],
  deleting: ['pending_delete'],
  deleted: ['deleted'],
  unknown: null,
}

/** Longer than any field. Longer texts are left to `imageMatcher`. */
const LONGEST = 255

/** Whether Glance can filter by a text: it strips blanks, and some databases cannot compare characters beyond the basic plane. */
const isAskable = (text: string): boolean =>
  text !== '' && text.length <= LONGEST && text.trim() === text && !/[\p{Surrogate}\p{Cc}]|[^\u0000-\uffff]/u.test(text)

/** Without an operator for several values, only a single value is sent. */
const equals = (key: string, wanted: AnyOf<string> | undefined): Filters => {
  const [value, ...others] = wanted === undefined ? [] : toValueList(wanted)
  return value === undefined || others.length > 0 || !isAskable(value) ? [] : [[key, value]]
}

/** With an operator, because Glance would read `a:b` as operator `a`. glance: glance/common/utils.py, split_filter_op. */
const nameIs = (wanted: AnyOf<string> | undefined): Filters => {
  const names = wanted === undefined ? [] : toValueList(wanted)
  if (names.length < 2) return equals('name', wanted).map(([key, text]) => [key, `eq:${text}`])
  // Quotes cannot be escaped. glance: glance/common/utils.py, validate_quotes.
  return names.every((name) => isAskable(name) && !name.includes('"'))
    ? [['name', `in:${names.map((name) => `"${name}"`).join(',')}`]]
    : []
}

const statusIs = (wanted: Query['status']): Filters => {
  if (wanted === undefined) return []
  const words = toValueList<ImageStatus>(wanted).map((status) => STATUS_WORDS[status])
  const known = words.flatMap((some) => some ?? [])
  if (words.includes(null) || known.length === 0) return []
  return [['status', known.length === 1 ? known.join() : `in:${known.join(',')}`]]
}

/** By default, Glance lists no community images, and only the accepted ones of those shared with the project. */
const visibilityIs = (wanted: Query['visibility']): Filters => {
  const words = wanted === undefined ? [] : toValueList<Visibility>(wanted)
  const [only, ...others] = words
  if (only === undefined) return []
  const members: Filters = words.includes('shared') ? [['member_status', 'all']] : []
  if (others.length === 0) return only === 'unknown' ? [] : [['visibility', only], ...members]
  return words.includes('shared') || words.includes('community') ? [['visibility', 'all'], ...members] : []
}

/** Nova writes no `image_type` for a snapshot of a server that boots from a volume, and creates no backups of those. */
const kindIs = (wanted: Query['kind']): Filters => {
  const [kind, ...others] = wanted === undefined ? [] : toValueList<ImageKind>(wanted)
  return others.length === 0 && kind === 'backup' ? [['image_type', kind]] : []
}

/** The instants of a query in milliseconds; `null`: one of them is invalid, and Glance cannot filter. */
const parseTimes = (wanted: AnyOf<string> | undefined): readonly number[] | null => {
  const instants = wanted === undefined ? [] : toValueList(wanted).map(toInstant)
  const times = instants.map((instant) => (instant === undefined ? NaN : Date.parse(instant)))
  return times.length === 0 || times.some(Number.isNaN) ? null : times
}

const formatDate = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`

/** Glance compares whole seconds, so that the limits are rounded outwards. It accepts `created_at` once. */
const madeBetween = (olderThan: Query['olderThan'], newerThan: Query['newerThan']): Filters => {
  const after = parseTimes(newerThan)
  if (after !== null) return [['created_at', `gt:${formatDate(Math.floor(Math.min(...after) / 1000) * 1000)}`]]
  const before = parseTimes(olderThan)
  return before === null ? [] : [['created_at', `lt:${formatDate(Math.ceil(Math.max(...before) / 1000) * 1000)}`]]
}

/** Glance returns images with all of the tags. */
const tagsAre = (wanted: Query['tags']): Filters => {
  const [condition, ...others] = wanted === undefined ? [] : toValueList(wanted)
  if (condition === undefined || others.length > 0) return []
  return (typeof condition === 'string' ? [condition] : condition.all).flatMap((tag) => equals('tag', tag))
}

const OF_OTHERS: ReadonlySet<ImageKind> = new Set(['system', 'app'])

/** Whether no image of Glance can fit: none has labels, none is deprecated, and some kinds do not exist. */
const fitsNone = ({ labels, deprecated, kind }: Query): boolean =>
  (labels !== undefined && !toValueList(labels).some((conditions) => matchesConditions(conditions, {}))) ||
  deprecated === true ||
  (kind !== undefined && toValueList<ImageKind>(kind).every((one) => OF_OTHERS.has(one)))

/**
 * The filters of Glance for `query`, except `hidden`. Glance returns all images that fit, and perhaps more: MySQL ignores the case of texts.
 * `null`: no image can fit.
 */
export const imageFilters = (query: Query): Filters | null => {
  const { status, visibility, kind, name, owner, tags, olderThan, newerThan } = query
  if (
    fitsNone(query) ||
    [status, visibility, name, owner, tags, olderThan, newerThan].some(
      (wanted) => Array.isArray(wanted) && wanted.length === 0,
    )
  )
    return null
  return [
    ...nameIs(name),
    ...statusIs(status),
    ...visibilityIs(visibility),
    ...kindIs(kind),
    ...equals('owner', owner),
    ...tagsAre(tags),
    ...madeBetween(olderThan, newerThan),
  ]
}

/** Whether an image fits the query exactly. */
export const imageMatcher = (query: Query): ((image: Image) => boolean) => createMatcher(pickFilters(query, FILTERS))
