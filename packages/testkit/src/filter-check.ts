import assert from 'node:assert/strict'
import {
  FIELDS,
  FILTERED_VALUES,
  FILTER_NAMES,
  matches,
  type FilterName,
  type Image,
  type Query,
  type ValueFilter,
} from '@imago/core/provider'
import { getIds, steadily, walk, type Check, type Walk } from './check.ts'

type Samples = { readonly [F in Exclude<FilterName, ValueFilter>]: (image: Image) => readonly Query[] }

const given = (query: Readonly<Record<string, unknown>>): readonly Query[] =>
  Object.values(query).every((value) => value !== null) ? [query as Query] : []

/** Creates queries from an image, for filters that do more than compare a value. */
const SAMPLES: Samples = {
  labels: ({ labels }) => {
    const sets = Object.entries(labels).flatMap(([key, value]) => [
      { [key]: value },
      { [key]: true },
      { [key]: { not: [value] } },
      { [key]: false },
    ])
    return [
      ...sets.map((one) => ({ labels: one })),
      ...(sets.length > 0 ? [{ labels: sets }] : [{ labels: { 'no-such-key': false } }]),
    ]
  },
  tags: ({ tags }) => [
    ...tags.map((tag) => ({ tags: tag })),
    ...(tags.length > 1 ? [{ tags: { all: tags } }, { tags }] : []),
  ],
  properties: ({ properties }) => {
    const sets = Object.entries(properties).flatMap(([key, value]) =>
      value === null ? [] : [{ [key]: value }, { [key]: { not: [value] } }],
    )
    return sets.map((one) => ({ properties: one }))
  },
  olderThan: ({ createdAt }) => given({ olderThan: createdAt }),
  newerThan: ({ createdAt }) => given({ newerThan: createdAt }),
  unavailableBefore: ({ unavailableAfter }) => given({ unavailableBefore: unavailableAfter }),
  digest: ({ digests }) => digests.map(({ algorithm, value }) => ({ digest: `${algorithm}:${value}` })),
  deprecated: () => [{ deprecated: true }, { deprecated: false }],
  hidden: () => [{}, { hidden: 'exclude' }, { hidden: 'only' }],
  text: ({ ref, name }) => [{ text: ref.id }, ...(name === null ? [] : [{ text: name.toUpperCase() }])],
}

const isValueFilter = (filter: FilterName): filter is ValueFilter => Object.hasOwn(FILTERED_VALUES, filter)

/** Creates queries with one filter from an image. */
const createSamples = (filter: FilterName, image: Image): readonly Query[] =>
  isValueFilter(filter) ? given({ [filter]: FILTERED_VALUES[filter](image) }) : SAMPLES[filter](image)

/** The values of filters with a closed set of values. */
const WORDS: { readonly [F in ValueFilter]?: readonly string[] } = {
  architecture: ['x86_64', 'aarch64', 'riscv64', 'ppc64le', 's390x'],
  status: FIELDS.status.values ?? [],
  visibility: ['community', 'shared', 'public', 'private'],
  kind: FIELDS.kind.values ?? [],
}

/** Queries that match no image, for filters that do more than compare a value. */
const OTHERS: { readonly [F in Exclude<FilterName, ValueFilter>]: readonly Query[] } = {
  labels: [{ labels: { 'imago-none': 'none' } }],
  tags: [{ tags: ['imago-none'] }],
  properties: [{ properties: { 'imago-none': 'none' } }],
  olderThan: [{ olderThan: '1971-01-01T00:00:00Z' }],
  newerThan: [{ newerThan: '2199-01-01T00:00:00Z' }],
  unavailableBefore: [{ unavailableBefore: '1971-01-01T00:00:00Z' }],
  digest: [{ digest: 'sha256:00' }],
  deprecated: [],
  hidden: [],
  text: [{ text: 'imago-no-such-text' }],
}

/** Creates queries with one filter that match none of the images: a source that returns images for them ignores the filter. */
const createUnmatched = (filter: FilterName, images: readonly Image[]): readonly Query[] => {
  if (!isValueFilter(filter)) return OTHERS[filter]
  const used = new Set(images.map((image): string | null => FILTERED_VALUES[filter](image)))
  const words = WORDS[filter] ?? [`imago-no-such-${filter}`]
  return given({ [filter]: words.find((word) => word !== 'unknown' && !used.has(word)) ?? null })
}

export const EVERYTHING: Query = { hidden: 'include' }

/** The maximum number of queries per filter. */
const MAX_QUERIES = 5

/** Combines the first two queries with a single text into one that matches either. */
const createEither = (filter: FilterName, queries: readonly Query[]): readonly Query[] => {
  const [one, other] = queries.flatMap((query) => (typeof query[filter] === 'string' ? [query[filter]] : []))
  return filter === 'hidden' || one === undefined || other === undefined ? [] : [{ [filter]: [one, other] } as Query]
}

const createQueries = (filter: FilterName, images: readonly Image[]): readonly Query[] => {
  const queries = [
    ...new Map(
      images.flatMap((image) => createSamples(filter, image)).map((query) => [JSON.stringify(query), query]),
    ).values(),
  ]
  return [...queries.slice(0, MAX_QUERIES), ...createEither(filter, queries), ...createUnmatched(filter, images)]
}

/** Returns the images that are not among `others`. */
const missing = (images: readonly Image[], others: readonly Image[]): readonly string[] => {
  const there = new Set(getIds(others))
  return getIds(images).filter((id) => !there.has(id))
}

/** `before`, `after`: listings without this filter, before and after the filtered one, because others may change the cloud. */
interface Comparison {
  readonly filter: FilterName
  readonly query: Query
  readonly before: Walk
  readonly filtered: Walk
  readonly after: Walk
}

/** Returns the images that were in both listings, before and after. */
const standing = ({ before, after }: Comparison, isSought: (image: Image) => boolean): readonly Image[] => {
  const still = new Set(getIds(after.images.filter(isSought)))
  return before.images.filter((image) => isSought(image) && still.has(image.ref.id))
}

const isWhole = ({ before, after }: Comparison): boolean => before.isWhole && after.isWhole

/** A query for a visibility may return more than the default listing. */
const addsNothing = (comparison: Comparison): void => {
  const { filter, query, before, filtered, after } = comparison
  if (filter === 'visibility' || !isWhole(comparison)) return
  assert.deepEqual(
    missing(filtered.images, [...before.images, ...after.images]),
    [],
    `${JSON.stringify(query)} returns images that are not in the whole listing`,
  )
}

const filtersExactly = (comparison: Comparison): void => {
  const { query, filtered } = comparison
  const asked = JSON.stringify(query)
  assert.deepEqual(
    getIds(filtered.images.filter((image) => !matches(query, image))),
    [],
    `${asked} returns images that do not match it`,
  )
  if (filtered.isWhole)
    assert.deepEqual(
      missing(
        standing(comparison, (image) => matches(query, image)),
        filtered.images,
      ),
      [],
      `${asked} omits images that match it`,
    )
  addsNothing(comparison)
}

const filtersNothing = (comparison: Comparison): void => {
  const { query, filtered } = comparison
  const asked = JSON.stringify(query)
  if (filtered.isWhole)
    assert.deepEqual(
      missing(
        standing(comparison, () => true),
        filtered.images,
      ),
      [],
      `${asked} filters, and core will filter too`,
    )
  else if (standing(comparison, (image) => !matches(query, image)).length > 0)
    assert.ok(
      filtered.images.some((image) => !matches(query, image)),
      `${asked} filters, and core will filter too`,
    )
  addsNothing(comparison)
}

/** Checks that a declared filter agrees with `matches`, and that a filter that is not declared has no effect: core applies it. */
export const FILTER_CHECKS: readonly Check[] = FILTER_NAMES.map((filter) => ({
  name: `filters by ${filter} if declared, and ignores it otherwise`,
  promises: filter === 'visibility' ? ['filters', 'once', 'default-list'] : ['filters', 'once'],
  needs: [],
  writes: false,
  run: async (source) => {
    const page = { pageSize: 100 }
    let last = await walk(source, EVERYTHING, page)
    for (const sample of createQueries(filter, last.images)) {
      const query = filter === 'hidden' ? sample : { ...EVERYTHING, ...sample }
      await steadily(async () => {
        const before = last
        const filtered = await walk(source, query, page)
        last = await walk(source, EVERYTHING, page)
        const comparison = { filter, query, before, filtered, after: last }
        if (source.capabilities.filters.includes(filter)) filtersExactly(comparison)
        else filtersNothing(comparison)
      })
    }
  },
}))
