import type { StoredImage } from './image.ts'
import type { ListQuery, SortOrder } from './list-query.ts'
import { findMembership, owns, type Caller } from './policy.ts'
import { refuse, serverError } from './refusal.ts'

type Predicate = (image: StoredImage) => boolean

const everything: Predicate = () => true

const DATES = { created_at: 'createdAt', updated_at: 'updatedAt' } as const

const COMPARISONS: ReadonlyMap<string, (left: number, right: number) => boolean> = new Map([
  ['eq', (left, right) => left === right],
  ['neq', (left, right) => left !== right],
  ['gt', (left, right) => left > right],
  ['gte', (left, right) => left >= right],
  ['lt', (left, right) => left < right],
  ['lte', (left, right) => left <= right],
])

const ISO_8601 = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/

const parseInstant = (text: string): number | null => {
  if (!ISO_8601.test(text)) return null
  const zoned = /(?:Z|[+-]\d{2}:?\d{2})$/.test(text.slice(10)) ? text : text.length > 10 ? `${text}Z` : text
  const time = Date.parse(zoned)
  return Number.isNaN(time) ? null : time
}

const dateFilter = (name: keyof typeof DATES, expression: string): Predicate => {
  const colon = expression.indexOf(':')
  const bare = parseInstant(expression) !== null || colon < 0
  const operator = bare ? 'eq' : expression.slice(0, colon)
  const instant = parseInstant(bare ? expression : expression.slice(colon + 1))
  if (instant === null) throw refuse(400, `Bad "${name}" query filter format. Use ISO 8601 DateTime notation.`)
  const compare = COMPARISONS.get(operator)
  if (compare === undefined) throw refuse(400, 'Unable to filter on a unknown operator.')
  // The API prints seconds, and compares seconds.
  return (image) => compare(Math.floor(image[DATES[name]] / 1000), Math.floor(instant / 1000))
}

/** `validate_quotes` in glance/common/utils.py. */
const refuseQuotes = (text: string): void => {
  const invalid = (why: string) => refuse(400, `Invalid filter value ${text}. ${why}`)
  let isOpen = false
  for (const { index } of text.matchAll(/"/g)) {
    const before = text[index - 1]
    const after = text[index + 1]
    if (before === '\\') continue
    if (!isOpen && before !== undefined && before !== ',')
      throw invalid('There is no comma before opening quotation mark.')
    if (isOpen && after !== undefined && after !== ',') throw invalid('There is no comma after closing quotation mark.')
    isOpen = !isOpen
  }
  if (isOpen) throw invalid('The quote is not closed.')
}

/** `a,"b,c"` → a | b,c */
const splitQuoted = (text: string): readonly string[] => {
  refuseQuotes(text)
  return [...text.matchAll(/"([^"\\]*(?:\\.[^"\\]*)*)",?|([^,]+),?|,/g)].map(([, quoted = '', plain = '']) =>
    quoted === '' ? plain : quoted,
  )
}

/** A value that no image has: the filter was given an empty list. */
const UNNAMED = '\u0000'

const WITH_OPERATORS = ['id', 'name', 'status', 'container_format', 'disk_format'] as const

const wordFilter = (name: (typeof WITH_OPERATORS)[number], expression: string): Predicate => {
  const colon = expression.indexOf(':')
  const operator = colon < 0 ? 'eq' : expression.slice(0, colon)
  const value = expression.slice(colon + 1)
  if (operator === 'eq') return (image) => image[name] === value
  if (operator !== 'in') throw refuse(400, `Unable to filter by unknown operator '${operator}'.`)
  const values = new Set(splitQuoted(value))
  return (image) => values.has(image[name] ?? UNNAMED)
}

const NUMBERS = ['size', 'virtual_size', 'min_disk', 'min_ram'] as const

const rangeFilter = (name: string, value: string): Predicate | null => {
  const column = NUMBERS.find((each) => name === `${each}_min` || name === `${each}_max`)
  if (column === undefined) return null
  const bound = Number(value)
  if (!/^\s*-?\d+\s*$/.test(value)) throw refuse(400, 'Unable to filter on a range with a non-numeric value.')
  return name.endsWith('_min')
    ? (image) => image[column] !== null && image[column] >= bound
    : (image) => image[column] !== null && image[column] <= bound
}

const PLAIN = ['owner', 'checksum', 'os_hash_algo', 'os_hash_value'] as const

const createFilter = (name: string, value: string): Predicate => {
  if (name === 'created_at' || name === 'updated_at') return dateFilter(name, value)
  const word = WITH_OPERATORS.find((each) => each === name)
  if (word !== undefined) return wordFilter(word, value)
  const range = rangeFilter(name, value)
  if (range !== null) return range
  const number = NUMBERS.find((each) => each === name)
  if (number !== undefined) return (image) => String(image[number]) === value
  const plain = PLAIN.find((each) => each === name)
  if (plain !== undefined) return (image) => image[plain] === value
  if (name === 'protected') return (image) => String(image.protected) === value
  if (name === 'locations' || name === 'properties') throw serverError()
  return (image) => image.properties.get(name) === value
}

/**
 * Whether the default list includes a visible image: own, public, and accepted shared ones, but not the community images of others unless requested.
 */
const inDefaultList = (caller: Caller, image: StoredImage, { memberStatus, visibility }: ListQuery): boolean => {
  if (image.status === 'killed') return false
  if (owns(caller, image)) return true
  if (image.visibility === 'community') return visibility === 'community' || visibility === 'all'
  if (caller.isAdmin || image.owner === null || image.visibility === 'public') return true
  const membership = findMembership(caller, image)
  return membership !== undefined && (memberStatus === 'all' || membership.status === memberStatus)
}

export const matches = (caller: Caller, query: ListQuery): Predicate => {
  const predicates: readonly Predicate[] = [
    (image) => inDefaultList(caller, image, query),
    query.visibility === null || query.visibility === 'all'
      ? everything
      : (image) => image.visibility === query.visibility,
    (image) => image.os_hidden === query.hidden,
    (image) => query.tags.every((tag) => image.tags.includes(tag)),
    ...[...query.filters].map(([name, value]) => createFilter(name, value)),
  ]
  return (image) => predicates.every((predicate) => predicate(image))
}

const sortValue = (image: StoredImage, key: SortOrder['key']): string | number | null => {
  if (key === 'created_at') return image.createdAt
  return key === 'updated_at' ? image.updatedAt : image[key]
}

/** Missing values come first. */
const compareValues = (left: string | number | null, right: string | number | null): number => {
  if (left === right) return 0
  if (left === null) return -1
  if (right === null) return 1
  return left < right ? -1 : 1
}

export const compareImages =
  (sort: readonly SortOrder[]) =>
  (left: StoredImage, right: StoredImage): number => {
    for (const { key, ascending } of sort) {
      const order = compareValues(sortValue(left, key), sortValue(right, key))
      if (order !== 0) return ascending ? order : -order
    }
    return 0
  }
