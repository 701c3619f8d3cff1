import { refuse, serverError } from './refusal.ts'

export type SortKey =
  | 'name'
  | 'status'
  | 'container_format'
  | 'disk_format'
  | 'size'
  | 'id'
  | 'created_at'
  | 'updated_at'

export interface SortOrder {
  readonly key: SortKey
  readonly ascending: boolean
}

export interface ListQuery {
  readonly limit: number
  readonly marker: string | null
  readonly sort: readonly SortOrder[]
  readonly memberStatus: string
  readonly visibility: string | null
  readonly hidden: boolean
  readonly tags: readonly string[]
  /** Further parameters: base fields and properties, by name. Of a repeated name, the last value counts. */
  readonly filters: ReadonlyMap<string, string>
}

type Pairs = readonly (readonly [string, string])[]

const SORT_KEYS: readonly SortKey[] = [
  'name',
  'status',
  'container_format',
  'disk_format',
  'size',
  'id',
  'created_at',
  'updated_at',
]

const PAGE_SIZE = 25
const MAXIMAL_PAGE_SIZE = 1000

const parseLimit = (text: string | undefined): number => {
  if (text === undefined) return PAGE_SIZE
  if (!/^\s*[+-]?\d+(?:_\d+)*\s*$/.test(text)) throw refuse(400, 'limit param must be an integer')
  // In Python, 1_000 is a number.
  const limit = Number(text.replaceAll('_', ''))
  if (limit < 0) throw refuse(400, 'limit param must be positive')
  return Math.min(limit, MAXIMAL_PAGE_SIZE)
}

const parseSortKey = (text: string): SortKey => {
  const key = SORT_KEYS.find((each) => each === text)
  if (key === undefined)
    throw refuse(400, `Invalid sort key: ${text}. It must be one of the following: ${SORT_KEYS.join(', ')}.`)
  return key
}

const parseDirection = (text: string): boolean => {
  if (text !== 'asc' && text !== 'desc') throw refuse(400, `Invalid sort direction: ${text}`)
  return text === 'asc'
}

const classicSort = (keys: readonly string[], directions: readonly string[]): readonly SortOrder[] => {
  if (directions.length > 1 && directions.length !== keys.length)
    throw refuse(400, 'Number of sort dirs does not match the number of sort keys')
  const chosen = keys.length === 0 ? ['created_at'] : keys
  return chosen.map((key, index) => ({
    key: parseSortKey(key),
    ascending: parseDirection(directions[index] ?? directions[0] ?? 'desc'),
  }))
}

const newSort = (sort: string): readonly SortOrder[] =>
  sort.split(',').map((part) => {
    const [key = '', direction = ''] = part.trim().split(':')
    return { key: parseSortKey(key), ascending: parseDirection(direction === '' ? 'desc' : direction) }
  })

/** The requested keys, then the time of creation and the ID, so that the order is total. */
const parseSort = (all: (name: string) => readonly string[]): readonly SortOrder[] => {
  const [sort] = all('sort')
  const keys = all('sort_key')
  const directions = all('sort_dir')
  if (sort !== undefined && (keys.length > 0 || directions.length > 0))
    throw refuse(400, 'Old and new sorting syntax cannot be combined')
  const wanted = sort === undefined ? classicSort(keys, directions) : newSort(sort)
  // A single direction applies to all keys; several directions must match the number of keys.
  const given = sort === undefined ? directions.length : wanted.length
  const ascending = given === 1 && wanted[0]?.ascending === true
  const missing = (['created_at', 'id'] as const).filter((key) => wanted.every((each) => each.key !== key))
  return [...wanted, ...missing.map((key) => ({ key, ascending }))]
}

const parseFlag = (name: string, text: string | undefined): boolean | null => {
  if (text === undefined) return null
  if (text !== 'true' && text !== 'false')
    throw refuse(400, `Invalid value '${text}' for '${name}' filter. Valid values are 'true' or 'false'.`)
  return text === 'true'
}

const VISIBILITIES: ReadonlySet<string> = new Set(['community', 'public', 'private', 'shared', 'all'])
const MEMBER_STATUSES: ReadonlySet<string> = new Set(['pending', 'accepted', 'rejected', 'all'])
const NOT_FILTERS: ReadonlySet<string> = new Set([
  'limit',
  'marker',
  'sort',
  'sort_key',
  'sort_dir',
  'member_status',
  'visibility',
  'os_hidden',
  'tag',
  'tags',
  'deleted',
])

/** https://docs.openstack.org/api-ref/image/v2/#list-images */
export const parseListQuery = (pairs: Pairs): ListQuery => {
  const all = (name: string): readonly string[] => pairs.filter(([key]) => key === name).map(([, value]) => value)
  const first = (name: string): string | undefined => all(name)[0]
  const last = (name: string): string | undefined => all(name).at(-1)
  const visibility = last('visibility') ?? null
  if (visibility !== null && visibility !== '' && !VISIBILITIES.has(visibility))
    throw refuse(400, `Invalid visibility value: ${visibility}`)
  const memberStatus = last('member_status') ?? 'accepted'
  if (!MEMBER_STATUSES.has(memberStatus)) throw refuse(400, `Invalid status: ${memberStatus}`)
  if (last('changes-since') === '') throw serverError()
  if (last('changes-since') !== undefined) throw refuse(400, 'The "changes-since" filter is no longer available on v2.')
  parseFlag('protected', last('protected'))
  return {
    limit: parseLimit(first('limit')),
    marker: last('marker') ?? null,
    sort: parseSort(all),
    memberStatus,
    visibility,
    // Unlike for `protected`, Glance ignores case here.
    hidden: parseFlag('os_hidden', last('os_hidden')?.toLowerCase()) ?? false,
    tags: [...all('tag'), ...all('tags')],
    // The first limit counts; a second one is a property filter.
    filters: new Map(
      pairs.filter(
        ([key], index) =>
          !NOT_FILTERS.has(key) || (key === 'limit' && index !== pairs.findIndex((each) => each[0] === key)),
      ),
    ),
  }
}

const quotePlus = (text: string): string =>
  encodeURIComponent(text)
    .replaceAll(/[!'()*]/g, (character) => `%${character.codePointAt(0)?.toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')

const encoded = (path: string, query: ReadonlyMap<string, string>): string =>
  query.size === 0
    ? path
    : `${path}?${[...query].map(([key, value]) => `${quotePlus(key)}=${quotePlus(value)}`).join('&')}`

/**
 * Creates the paths of the first page and of the page after `marker`. Of a repeated key, only the last value is kept (`dict(request.params)` in
 * glance/api/v2/images.py): `tag=a&tag=b` continues as `tag=b`.
 */
export const pageLinks = (
  path: string,
  pairs: Pairs,
  marker: string | null,
): { readonly first: string; readonly next: string | null } => {
  const query = new Map(pairs)
  query.delete('marker')
  return {
    first: encoded(path, query),
    next: marker === null ? null : encoded(path, new Map([...query, ['marker', marker]])),
  }
}
