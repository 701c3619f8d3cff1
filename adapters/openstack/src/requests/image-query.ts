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

/** What is filtered here: Glance narrows the list, and `imageMatcher` leaves out what it gave too much. */
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

/** Glance's words for a status. `null`: words that are not known have no list. */
const STATUS_WORDS: Readonly<Record<ImageStatus, readonly string[] | null>> = {
  pending: ['queued', 'saving', 'uploading', 'importing'],
  available: ['active'],
  unavailable: ['deactivated'],
  failed: ['killed'],
  deleting: ['pending_delete'],
  deleted: ['deleted'],
  unknown: null,
}

/** Longer than any field that is asked about: the rest is for `imageMatcher`. */
const LONGEST = 255

/** Whether Glance is asked about a text: it would strip blanks, and not every database can compare characters beyond the basic plane. */
const isAskable = (text: string): boolean =>
  text !== '' && text.length <= LONGEST && text.trim() === text && !/[\p{Surrogate}\p{Cc}]|[^\u0000-\uffff]/u.test(text)

/** Of several values none is asked for, where Glance has no operator for it. */
const equals = (key: string, wanted: AnyOf<string> | undefined): Filters => {
  const [value, ...others] = wanted === undefined ? [] : toValueList(wanted)
  return value === undefined || others.length > 0 || !isAskable(value) ? [] : [[key, value]]
}

/** With an operator, because without one `a:b` would be read as operator `a`. glance: glance/common/utils.py, split_filter_op. */
const nameIs = (wanted: AnyOf<string> | undefined): Filters => {
  const names = wanted === undefined ? [] : toValueList(wanted)
  if (names.length < 2) return equals('name', wanted).map(([key, text]) => [key, `eq:${text}`])
  // A quote inside quotes has no spelling there. glance: glance/common/utils.py, validate_quotes.
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

/** Of images that are shared with the project, Glance lists only those that it has accepted, and of community images none, unless asked. */
const visibilityIs = (wanted: Query['visibility']): Filters => {
  const words = wanted === undefined ? [] : toValueList<Visibility>(wanted)
  const [only, ...others] = words
  if (only === undefined) return []
  const members: Filters = words.includes('shared') ? [['member_status', 'all']] : []
  if (others.length === 0) return only === 'unknown' ? [] : [['visibility', only], ...members]
  return words.includes('shared') || words.includes('community') ? [['visibility', 'all'], ...members] : []
}

/** Nova writes no `image_type` into a snapshot of a server that boots from a volume, and takes no backups of those. */
const kindIs = (wanted: Query['kind']): Filters => {
  const [kind, ...others] = wanted === undefined ? [] : toValueList<ImageKind>(wanted)
  return others.length === 0 && kind === 'backup' ? [['image_type', kind]] : []
}

/** The texts of a query as milliseconds; `null`: one of them is no instant, so that nothing can be asked. */
const parseTimes = (wanted: AnyOf<string> | undefined): readonly number[] | null => {
  const instants = wanted === undefined ? [] : toValueList(wanted).map(toInstant)
  const times = instants.map((instant) => (instant === undefined ? NaN : Date.parse(instant)))
  return times.length === 0 || times.some(Number.isNaN) ? null : times
}

const glanceDate = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`

/** Glance's dates are whole seconds: before half past is before the next one, and after it is after the last one. It takes `created_at` once. */
const madeBetween = (olderThan: Query['olderThan'], newerThan: Query['newerThan']): Filters => {
  const after = parseTimes(newerThan)
  if (after !== null) return [['created_at', `gt:${glanceDate(Math.floor(Math.min(...after) / 1000) * 1000)}`]]
  const before = parseTimes(olderThan)
  return before === null ? [] : [['created_at', `lt:${glanceDate(Math.ceil(Math.max(...before) / 1000) * 1000)}`]]
}

/** Glance gives images that have all of the tags. */
const tagsAre = (wanted: Query['tags']): Filters => {
  const [condition, ...others] = wanted === undefined ? [] : toValueList(wanted)
  if (condition === undefined || others.length > 0) return []
  return (typeof condition === 'string' ? [condition] : condition.all).flatMap((tag) => equals('tag', tag))
}

const OF_OTHERS: ReadonlySet<ImageKind> = new Set(['system', 'app'])

/** Whether no image of Glance fits: none has labels, none is deprecated, and none is of a kind that Glance has not. */
const fitsNone = ({ labels, deprecated, kind }: Query): boolean =>
  (labels !== undefined && !toValueList(labels).some((conditions) => matchesConditions(conditions, {}))) ||
  deprecated === true ||
  (kind !== undefined && toValueList<ImageKind>(kind).every((one) => OF_OTHERS.has(one)))

/**
 * The filters by which Glance narrows a list to `query`, but for `hidden`. What it gives is all that fits, and perhaps more: MySQL compares texts
 * without regard to case. `null`: nothing can fit, for Glance has no such thing.
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

/** Leaves in what `FILTERS` ask for, exactly. */
export const imageMatcher = (query: Query): ((image: Image) => boolean) => createMatcher(pickFilters(query, FILTERS))
