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

/** Supported filters. Glance narrows the list, and `imageMatcher` drops the remaining mismatches. */
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

/** Glance's status values. `null`: they cannot be enumerated. */
const STATUS_WORDS: Readonly<Record<ImageStatus, readonly string[] | null>> = {
  pending: ['queued', 'saving', 'uploading', 'importing'],
  available: ['active'],
  unavailable: ['deactivated'],
  failed: ['killed'],
  deleting: ['pending_delete'],
  deleted: ['deleted'],
  unknown: null,
}

/** Maximum length of Glance's fields. Longer texts are matched by `imageMatcher` only. */
const LONGEST = 255

/** Whether Glance can filter by a text: it strips spaces, and some databases cannot compare characters outside the basic multilingual plane. */
const isSendable = (text: string): boolean =>
  text !== '' && text.length <= LONGEST && text.trim() === text && !/[\p{Surrogate}\p{Cc}]|[^\u0000-\uffff]/u.test(text)

/** Without an operator for several values, only a single value can be sent. */
const equals = (key: string, wanted: AnyOf<string> | undefined): Filters => {
  const [value, ...others] = wanted === undefined ? [] : toValueList(wanted)
  return value === undefined || others.length > 0 || !isSendable(value) ? [] : [[key, value]]
}

/** Uses an operator, because Glance parses `a:b` as the operator `a`. glance: glance/common/utils.py, split_filter_op. */
const nameIs = (wanted: AnyOf<string> | undefined): Filters => {
  const names = wanted === undefined ? [] : toValueList(wanted)
  if (names.length < 2) return equals('name', wanted).map(([key, text]) => [key, `eq:${text}`])
  // Quotes cannot be escaped. glance: glance/common/utils.py, validate_quotes.
  return names.every((name) => isSendable(name) && !name.includes('"'))
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

/** By default, Glance omits community images and shared images that the project has not accepted. */
const visibilityIs = (wanted: Query['visibility']): Filters => {
  const words = wanted === undefined ? [] : toValueList<Visibility>(wanted)
  const [only, ...others] = words
  if (only === undefined) return []
  const members: Filters = words.includes('shared') ? [['member_status', 'all']] : []
  if (others.length === 0) return only === 'unknown' ? [] : [['visibility', only], ...members]
  return words.includes('shared') || words.includes('community') ? [['visibility', 'all'], ...members] : []
}

/** Nova sets no `image_type` for a snapshot of a server that boots from a volume, and creates no backups of such servers. */
const kindIs = (wanted: Query['kind']): Filters => {
  const [kind, ...others] = wanted === undefined ? [] : toValueList<ImageKind>(wanted)
  return others.length === 0 && kind === 'backup' ? [['image_type', kind]] : []
}

/** The instants of a query in milliseconds; `null` if one of them is invalid. */
const parseTimes = (wanted: AnyOf<string> | undefined): readonly number[] | null => {
  const instants = wanted === undefined ? [] : toValueList(wanted).map(toInstant)
  const times = instants.map((instant) => (instant === undefined ? NaN : Date.parse(instant)))
  return times.length === 0 || times.some(Number.isNaN) ? null : times
}

const formatDate = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`

/** Glance compares whole seconds, so bounds are rounded outwards. It accepts `created_at` only once. */
const createdBetween = (olderThan: Query['olderThan'], newerThan: Query['newerThan']): Filters => {
  const after = parseTimes(newerThan)
  if (after !== null) return [['created_at', `gt:${formatDate(Math.floor(Math.min(...after) / 1000) * 1000)}`]]
  const before = parseTimes(olderThan)
  return before === null ? [] : [['created_at', `lt:${formatDate(Math.ceil(Math.max(...before) / 1000) * 1000)}`]]
}

/** Glance returns images that have all given tags. */
const tagsAre = (wanted: Query['tags']): Filters => {
  const [condition, ...others] = wanted === undefined ? [] : toValueList(wanted)
  if (condition === undefined || others.length > 0) return []
  return (typeof condition === 'string' ? [condition] : condition.all).flatMap((tag) => equals('tag', tag))
}

const KINDS_OF_OTHER_PROVIDERS: ReadonlySet<ImageKind> = new Set(['system', 'app'])

/** Whether no Glance image can match: labels and deprecation do not exist, nor do some kinds. */
const matchesNone = ({ labels, deprecated, kind }: Query): boolean =>
  (labels !== undefined && !toValueList(labels).some((conditions) => matchesConditions(conditions, {}))) ||
  deprecated === true ||
  (kind !== undefined && toValueList<ImageKind>(kind).every((one) => KINDS_OF_OTHER_PROVIDERS.has(one)))

/**
 * Converts `query` to Glance's filters, except `hidden`. Glance may return more images than match, because MySQL ignores case.
 * `null`: no image can match.
 */
export const imageFilters = (query: Query): Filters | null => {
  const { status, visibility, kind, name, owner, tags, olderThan, newerThan } = query
  if (
    matchesNone(query) ||
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
    ...createdBetween(olderThan, newerThan),
  ]
}

/** Matches an image exactly against the query. */
export const imageMatcher = (query: Query): ((image: Image) => boolean) => createMatcher(pickFilters(query, FILTERS))
