import { toValueList, type AnyOf } from './any-of.ts'
import { matchesConditions, type EntryConditions } from './entry-conditions.ts'
import type { Image } from '../image/image.ts'
import type { ImageKind, ImageStatus, Visibility } from '../image/values.ts'
import { isBefore } from './instant-order.ts'

/** A tag that an image must have, or several tags that it must all have. */
export type TagCondition = string | { readonly all: readonly string[] }

/**
 * Which images to list. An absent field does not filter, except `hidden`. Values are compared exactly.
 * An array matches any of its values; an empty array matches no image.
 */
export interface Query {
  /** os-release ID. */
  readonly distro?: AnyOf<string> | undefined
  /** os-release VERSION_ID: `22.04` does not match `22.04.1`. */
  readonly version?: AnyOf<string> | undefined
  readonly architecture?: AnyOf<string> | undefined
  readonly status?: AnyOf<ImageStatus> | undefined
  readonly visibility?: AnyOf<Visibility> | undefined
  readonly kind?: AnyOf<ImageKind> | undefined
  readonly name?: AnyOf<string> | undefined
  readonly description?: AnyOf<string> | undefined
  readonly owner?: AnyOf<string> | undefined
  /** Conditions by key, which must all be met; of several sets, any one. `parseLabelSelector` parses them. */
  readonly labels?: AnyOf<EntryConditions> | undefined
  readonly tags?: AnyOf<TagCondition> | undefined
  /** Like `labels`. */
  readonly properties?: AnyOf<EntryConditions> | undefined
  /** Created before this instant. An image without a creation time is neither older nor newer. */
  readonly olderThan?: AnyOf<string> | undefined
  /** Created after this instant. */
  readonly newerThan?: AnyOf<string> | undefined
  /** Unavailable for new servers from a time before this instant. An image without such a time does not match. */
  readonly unavailableBefore?: AnyOf<string> | undefined
  /** A digest of any subject, as `sha256:9f86d0…`: algorithm and value in lower case. */
  readonly digest?: AnyOf<string> | undefined
  /** Whether the provider has announced its withdrawal. */
  readonly deprecated?: boolean | undefined
  /** Default: `exclude`. An image without a value is not hidden. */
  readonly hidden?: 'exclude' | 'include' | 'only' | undefined
  /** Part of the ID, name or description; case-insensitive. */
  readonly text?: AnyOf<string> | undefined
}

export type FilterName = keyof Query

type Asked = { readonly [F in keyof Query]-?: NonNullable<Query[F]> }

/** Whether the value of a field is one of the wanted values. */
const hasAnyValue =
  (readValue: (image: Image) => string | null) =>
  (wanted: AnyOf<string>): ((image: Image) => boolean) => {
    const values: ReadonlySet<string | null> = new Set(toValueList(wanted))
    return (image) => values.has(readValue(image))
  }

const fitsAny =
  (readEntries: (image: Image) => Image['labels'] | Image['properties']) =>
  (wanted: AnyOf<EntryConditions>): ((image: Image) => boolean) => {
    const sets = toValueList(wanted)
    return (image) => sets.some((conditions) => matchesConditions(conditions, readEntries(image)))
  }

const contains = (text: string | null, part: string): boolean => text !== null && text.toLowerCase().includes(part)

/** Filters that compare one value of an image with those of the query. The testkit derives its checks from this table. */
export const FILTERED_VALUES = {
  distro: ({ os }) => os.distro,
  version: ({ os }) => os.version,
  architecture: ({ architecture }) => architecture,
  status: ({ status }) => status,
  visibility: ({ visibility }) => visibility,
  kind: ({ kind }) => kind,
  name: ({ name }) => name,
  description: ({ description }) => description,
  owner: ({ owner }) => owner,
} as const satisfies { readonly [F in FilterName]?: (image: Image) => string | null }

/** A filter of `FILTERED_VALUES`. */
export type ValueFilter = keyof typeof FILTERED_VALUES

type Filters<F extends FilterName> = { readonly [Name in F]: (wanted: Asked[Name]) => (image: Image) => boolean }

const VALUE_FILTERS = Object.fromEntries(
  Object.entries(FILTERED_VALUES).map(([filter, read]) => [filter, hasAnyValue(read)]),
) as Filters<ValueFilter>

const OTHER_FILTERS: Filters<Exclude<FilterName, ValueFilter>> = {
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
  unavailableBefore: (wanted) => {
    const instants = toValueList(wanted)
    return ({ unavailableAfter }) =>
      unavailableAfter !== null && instants.some((instant) => isBefore(unavailableAfter, instant))
  },
  digest: (wanted) => {
    const values = new Set(toValueList(wanted))
    return ({ digests }) => digests.some(({ algorithm, value }) => values.has(`${algorithm}:${value}`))
  },
  deprecated: (deprecated) => (image) => (image.deprecatedAt !== null) === deprecated,
  hidden: (hidden) => (image) => hidden === 'include' || (image.hidden === true) === (hidden === 'only'),
  text: (wanted) => {
    const parts = toValueList(wanted).map((part) => part.toLowerCase())
    return (image) =>
      parts.some((part) => [image.ref.id, image.name, image.description].some((place) => contains(place, part)))
  },
}

/** The only definition of what each filter means. */
const FILTERS: Filters<FilterName> = { ...VALUE_FILTERS, ...OTHER_FILTERS }

export const FILTER_NAMES: readonly FilterName[] = Object.keys(FILTERS) as FilterName[]

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- relates the filter to the type of its value
const createTests = <F extends FilterName>(filter: F, query: Query): readonly ((image: Image) => boolean)[] => {
  const wanted = (query as Partial<Asked>)[filter]
  return wanted === undefined ? [] : [FILTERS[filter](wanted)]
}

/** `query` with an explicit default of `hidden`. */
const withDefaults = (query: Query): Query => ({ ...query, hidden: query.hidden ?? 'exclude' })

/** `matches`, prepared for many images. */
export const createMatcher = (query: Query): ((image: Image) => boolean) => {
  const full = withDefaults(query)
  const tests = FILTER_NAMES.flatMap((filter) => createTests(filter, full))
  return (image) => tests.every((test) => test(image))
}

/** Whether `image` matches `query`. Pure. */
export const matches = (query: Query, image: Image): boolean => createMatcher(query)(image)

/** Reduces `query` to `filters`: the part for a server that supports only these. */
export const pickFilters = (query: Query, filters: readonly FilterName[]): Query => {
  const full = withDefaults(query)
  const kept = Object.fromEntries(
    FILTER_NAMES.filter((filter) => filters.includes(filter) && full[filter] !== undefined).map((filter) => [
      filter,
      full[filter],
    ]),
  )
  return { hidden: 'include', ...kept }
}

/**
 * The remaining filters after a server has applied `pushedDown`.
 * Law: `matches(query, image) === matches(pickFilters(query, f), image) && matches(omitFilters(query, f), image)`.
 */
export const omitFilters = (query: Query, pushedDown: readonly FilterName[]): Query =>
  pickFilters(
    query,
    FILTER_NAMES.filter((filter) => !pushedDown.includes(filter)),
  )
