import type { Image, ImageKind, ImageStatus, Visibility } from './image.ts'
import { isBefore } from './order.ts'

/** Which images to list. What is absent filters nothing, but for `hidden`. Words are compared exactly. */
export interface Query {
  /** os-release ID. */
  readonly distro?: string
  /** os-release VERSION_ID: `22.04` does not fit an image of `22.04.1`. */
  readonly version?: string
  readonly architecture?: string
  readonly status?: ImageStatus
  readonly visibility?: Visibility
  readonly kind?: ImageKind
  readonly name?: string
  readonly description?: string
  readonly owner?: string
  /** All of them: `true` asks for the key, a string for key and value. */
  readonly labels?: Readonly<Record<string, string | true>>
  /** All of them. */
  readonly tags?: readonly string[]
  /** Made before this instant. An image that does not say when it was made is never older. */
  readonly olderThan?: string
  /** Whether the provider has announced that it goes away. */
  readonly deprecated?: boolean
  /** Hidden images too, or nothing else. Absent, they are left out; an image that does not say is not hidden. */
  readonly hidden?: 'exclude' | 'include' | 'only'
  /** Somewhere in id, name or description, in upper or lower case. */
  readonly text?: string
}

export type FilterName = keyof Query

type Asked = Required<Query>

type Filters = { readonly [F in FilterName]: (image: Image, wanted: Asked[F]) => boolean }

const contains = (text: string | null, part: string): boolean => text !== null && text.toLowerCase().includes(part.toLowerCase())

/** The one statement of what each filter means. */
const FILTERS: Filters = {
  distro: (image, distro) => image.os.distro === distro,
  version: (image, version) => image.os.version === version,
  architecture: (image, architecture) => image.architecture === architecture,
  status: (image, status) => image.status === status,
  visibility: (image, visibility) => image.visibility === visibility,
  kind: (image, kind) => image.kind === kind,
  name: (image, name) => image.name === name,
  description: (image, description) => image.description === description,
  owner: (image, owner) => image.owner === owner,
  labels: (image, labels) => Object.entries(labels).every(([key, value]) => Object.hasOwn(image.labels, key) && (value === true || image.labels[key] === value)),
  tags: (image, tags) => tags.every((tag) => image.tags.includes(tag)),
  olderThan: (image, instant) => image.createdAt !== null && isBefore(image.createdAt, instant),
  deprecated: (image, deprecated) => (image.deprecatedAt !== null) === deprecated,
  hidden: (image, hidden) => hidden === 'include' || (image.hidden === true) === (hidden === 'only'),
  text: (image, text) => [image.ref.id, image.name, image.description].some((place) => contains(place, text)),
}

export const FILTER_NAMES: readonly FilterName[] = Object.keys(FILTERS) as FilterName[]

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- it ties the filter to the type of its value
const passes = <F extends FilterName>(filter: F, image: Image, query: Query): boolean => {
  const wanted = (query as Partial<Asked>)[filter]
  return wanted === undefined || FILTERS[filter](image, wanted)
}

/** `query` with its one default spelled out. */
const inFull = (query: Query): Query => ({ ...query, hidden: query.hidden ?? 'exclude' })

/** `matches`, prepared for many images. */
export const matcherOf = (query: Query): ((image: Image) => boolean) => {
  const full = inFull(query)
  const asked = FILTER_NAMES.filter((filter) => full[filter] !== undefined)
  return (image) => asked.every((filter) => passes(filter, image, full))
}

/** Whether `image` is one of those that `query` asks for. Pure. */
export const matches = (query: Query, image: Image): boolean => matcherOf(query)(image)

/** `query` reduced to `filters`: the part that a server which knows only these is asked. */
export const selection = (query: Query, filters: readonly FilterName[]): Query => {
  const full = inFull(query)
  const kept = Object.fromEntries(FILTER_NAMES.filter((filter) => filters.includes(filter) && full[filter] !== undefined).map((filter) => [filter, full[filter]]))
  return { hidden: 'include', ...kept }
}

/**
 * What is left to filter when a server has filtered by `pushedDown`.
 * Law: `matches(query, image) === matches(selection(query, f), image) && matches(remainder(query, f), image)`.
 */
export const remainder = (query: Query, pushedDown: readonly FilterName[]): Query => selection(query, FILTER_NAMES.filter((filter) => !pushedDown.includes(filter)))
