import { toValueList, type AnyOf } from './any-of.ts'
import { matchesConditions, type EntryConditions } from './entry-conditions.ts'
import type { Image } from '../image/image.ts'
import type { ImageKind, ImageStatus, Visibility } from '../image/values.ts'
import { isBefore } from './order.ts'

/** A tag that an image must have, or several of which it must have all. */
export type TagCondition = string | { readonly all: readonly string[] }

/**
 * Which images to list. What is absent filters nothing, but for `hidden`. Words are compared exactly.
 * An array means any of its values; an empty one fits no image.
 */
export interface Query {
  /** os-release ID. */
  readonly distro?: AnyOf<string>
  /** os-release VERSION_ID: `22.04` does not fit an image of `22.04.1`. */
  readonly version?: AnyOf<string>
  readonly architecture?: AnyOf<string>
  readonly status?: AnyOf<ImageStatus>
  readonly visibility?: AnyOf<Visibility>
  readonly kind?: AnyOf<ImageKind>
  readonly name?: AnyOf<string>
  readonly description?: AnyOf<string>
  readonly owner?: AnyOf<string>
  /** Conditions by key, all of which an image must fit; of several sets, any. `parseLabelSelector` reads them from a text. */
  readonly labels?: AnyOf<EntryConditions>
  readonly tags?: AnyOf<TagCondition>
  /** As `labels`. */
  readonly properties?: AnyOf<EntryConditions>
  /** Made before this instant. An image that does not say when it was made is neither older nor newer. */
  readonly olderThan?: AnyOf<string>
  /** Made after this instant. */
  readonly newerThan?: AnyOf<string>
  /** Whether the provider has announced that it goes away. */
  readonly deprecated?: boolean
  /** Hidden images too, or nothing else. Absent, they are left out; an image that does not say is not hidden. */
  readonly hidden?: 'exclude' | 'include' | 'only'
  /** Somewhere in id, name or description, in upper or lower case. */
  readonly text?: AnyOf<string>
}

export type FilterName = keyof Query

type Asked = Required<Query>

type Filters = { readonly [F in FilterName]: (wanted: Asked[F]) => (image: Image) => boolean }

/** Whether the value of a field is one of those that are wanted. */
const isOneOf =
  (valueOf: (image: Image) => string | null) =>
  (wanted: AnyOf<string>): ((image: Image) => boolean) => {
    const values: ReadonlySet<string | null> = new Set(toValueList(wanted))
    return (image) => values.has(valueOf(image))
  }

const fitsAny =
  (entriesOf: (image: Image) => Image['labels'] | Image['properties']) =>
  (wanted: AnyOf<EntryConditions>): ((image: Image) => boolean) => {
    const sets = toValueList(wanted)
    return (image) => sets.some((conditions) => matchesConditions(conditions, entriesOf(image)))
  }

const contains = (text: string | null, part: string): boolean => text !== null && text.toLowerCase().includes(part)

/** The one statement of what each filter means. */
const FILTERS: Filters = {
  distro: isOneOf(({ os }) => os.distro),
  version: isOneOf(({ os }) => os.version),
  architecture: isOneOf(({ architecture }) => architecture),
  status: isOneOf(({ status }) => status),
  visibility: isOneOf(({ visibility }) => visibility),
  kind: isOneOf(({ kind }) => kind),
  name: isOneOf(({ name }) => name),
  description: isOneOf(({ description }) => description),
  owner: isOneOf(({ owner }) => owner),
  labels: fitsAny(({ labels }) => labels),
  tags: (wanted) => {
    const sets = toValueList(wanted).map((condition) => (typeof condition === 'string' ? [condition] : condition.all))
    return ({ tags }) => sets.some((all) => all.every((tag) => tags.includes(tag)))
  },
  properties: fitsAny(({ properties }) => properties),
  olderThan: (wanted) => {
    const instants = toValueList(wanted)
    return ({ createdAt }) => createdAt !== null && instants.some((instant) => isBefore(createdAt, instant))
  },
  newerThan: (wanted) => {
    const instants = toValueList(wanted)
    return ({ createdAt }) => createdAt !== null && instants.some((instant) => isBefore(instant, createdAt))
  },
  deprecated: (deprecated) => (image) => (image.deprecatedAt !== null) === deprecated,
  hidden: (hidden) => (image) => hidden === 'include' || (image.hidden === true) === (hidden === 'only'),
  text: (wanted) => {
    const parts = toValueList(wanted).map((part) => part.toLowerCase())
    return (image) =>
      parts.some((part) => [image.ref.id, image.name, image.description].some((place) => contains(place, part)))
  },
}

export const FILTER_NAMES: readonly FilterName[] = Object.keys(FILTERS) as FilterName[]

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- it ties the filter to the type of its value
const testOf = <F extends FilterName>(filter: F, query: Query): readonly ((image: Image) => boolean)[] => {
  const wanted = (query as Partial<Asked>)[filter]
  return wanted === undefined ? [] : [FILTERS[filter](wanted)]
}

/** `query` with its one default spelled out. */
const inFull = (query: Query): Query => ({ ...query, hidden: query.hidden ?? 'exclude' })

/** `matches`, prepared for many images. */
export const createMatcher = (query: Query): ((image: Image) => boolean) => {
  const full = inFull(query)
  const tests = FILTER_NAMES.flatMap((filter) => testOf(filter, full))
  return (image) => tests.every((test) => test(image))
}

/** Whether `image` is one of those that `query` asks for. Pure. */
export const matches = (query: Query, image: Image): boolean => createMatcher(query)(image)

/** `query` reduced to `filters`: the part that a server which knows only these is asked. */
export const pickFilters = (query: Query, filters: readonly FilterName[]): Query => {
  const full = inFull(query)
  const kept = Object.fromEntries(
    FILTER_NAMES.filter((filter) => filters.includes(filter) && full[filter] !== undefined).map((filter) => [
      filter,
      full[filter],
    ]),
  )
  return { hidden: 'include', ...kept }
}

/**
 * What is left to filter when a server has filtered by `pushedDown`.
 * Law: `matches(query, image) === matches(selection(query, f), image) && matches(remainder(query, f), image)`.
 */
export const omitFilters = (query: Query, pushedDown: readonly FilterName[]): Query =>
  pickFilters(
    query,
    FILTER_NAMES.filter((filter) => !pushedDown.includes(filter)),
  )
