import { toInstant } from '@imago/codec'
import { matcherOf, selection, type FilterName, type Image, type ImageStatus, type Query } from '@imago/core'
import type { Filters } from './images.ts'

/** What is filtered here: Glance narrows the list, and `imageMatcher` leaves out what it gave too much. */
export const FILTERS: readonly FilterName[] = ['status', 'visibility', 'kind', 'name', 'owner', 'labels', 'tags', 'olderThan', 'deprecated', 'hidden']

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
const isAskable = (text: string): boolean => text !== '' && text.length <= LONGEST && text.trim() === text && !/[\p{Surrogate}\p{Cc}]|[^\u0000-\uffff]/u.test(text)

const equals = (name: string, text: string | undefined): Filters => (text === undefined || !isAskable(text) ? [] : [[name, text]])

/** With an operator, because without one `a:b` would be read as operator `a`. glance: glance/common/utils.py, split_filter_op. */
const nameIs = (name: string | undefined): Filters => (name === undefined ? [] : equals('name', name).map(([key, text]) => [key, `eq:${text}`]))

const statusIs = (status: ImageStatus | undefined): Filters => {
  const words = status === undefined ? null : STATUS_WORDS[status]
  return words === null ? [] : [['status', words.length === 1 ? words.join() : `in:${words.join(',')}`]]
}

/** Of images that are shared with the project, Glance lists only those that it has accepted, unless asked. */
const visibilityIs = (visibility: Query['visibility']): Filters => {
  if (visibility === undefined || visibility === 'unknown') return []
  return visibility === 'shared' ? [['visibility', 'shared'], ['member_status', 'all']] : [['visibility', visibility]]
}

/** Nova writes `image_type`; an image without it is one that nobody made from a server. */
const kindIs = (kind: Query['kind']): Filters => (kind === 'snapshot' || kind === 'backup' ? [['image_type', kind]] : [])

/** Glance's dates are whole seconds: before half past is before the next one. */
const madeBefore = (olderThan: string | undefined): Filters => {
  const instant = olderThan === undefined ? undefined : toInstant(olderThan)
  if (instant === undefined) return []
  const next = new Date(Math.ceil(Date.parse(instant) / 1000) * 1000)
  return Number.isNaN(next.getTime()) ? [] : [['created_at', `lt:${next.toISOString().slice(0, 19)}Z`]]
}

/**
 * The filters by which Glance narrows a list to `query`, but for `hidden`. What it gives is all that fits, and perhaps more: MySQL compares texts
 * without regard to case. `null`: nothing can fit, for Glance has no such thing.
 */
export const imageFilters = ({ status, visibility, kind, name, owner, labels = {}, tags = [], olderThan, deprecated }: Query): Filters | null => {
  if (Object.keys(labels).length > 0 || deprecated === true || kind === 'system' || kind === 'app') return null
  return [
    ...nameIs(name),
    ...statusIs(status),
    ...visibilityIs(visibility),
    ...kindIs(kind),
    ...equals('owner', owner),
    ...tags.flatMap((tag) => equals('tag', tag)),
    ...madeBefore(olderThan),
  ]
}

/** Leaves in what `FILTERS` ask for, exactly. */
export const imageMatcher = (query: Query): ((image: Image) => boolean) => matcherOf(selection(query, FILTERS))
