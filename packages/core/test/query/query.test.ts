import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Image } from '../../src/image/image.ts'
import { isBefore } from '../../src/query/instant-order.ts'
import { compareImages, SORT_KEYS, type SortOrder } from '../../src/query/sort.ts'
import type { AnyOf } from '../../src/query/any-of.ts'
import type { EntryConditions } from '../../src/query/entry-conditions.ts'
import {
  FILTER_NAMES,
  matches,
  omitFilters,
  pickFilters,
  type FilterName,
  type Query,
  type TagCondition,
} from '../../src/query/query.ts'
import { createImage } from '../paged-source.ts'

const text = fc.constantFrom('a', 'b', 'Ab')
const orNull = <A>(arbitrary: fc.Arbitrary<A>): fc.Arbitrary<A | null> => fc.option(arbitrary, { nil: null })
const instant = fc.constantFrom(
  '2024-01-01T00:00:00Z',
  '2024-01-01T00:00:00.5Z',
  '2024-01-01T00:00:00.45Z',
  '2024-01-01T00:00:01Z',
)

const arbitraryImage: fc.Arbitrary<Image> = fc
  .record({
    id: text,
    name: orNull(text),
    description: orNull(text),
    architecture: orNull(text),
    owner: orNull(text),
    distro: orNull(text),
    version: orNull(text),
    status: fc.constantFrom('available' as const, 'pending' as const),
    visibility: fc.constantFrom('public' as const, 'private' as const),
    kind: fc.constantFrom('system' as const, 'snapshot' as const),
    hidden: orNull(fc.boolean()),
    createdAt: orNull(instant),
    updatedAt: orNull(instant),
    deprecatedAt: orNull(instant),
    unavailableAfter: orNull(instant),
    digests: fc.array(
      text.map((value) => ({
        algorithm: 'md5',
        value,
        of: 'stored' as const,
        assertedBy: 'provider' as const,
      })),
      { maxLength: 2 },
    ),
    stored: orNull(fc.constantFrom(1, 2, 10)),
    labels: fc.dictionary(text, text),
    properties: fc.dictionary(text, orNull(text)),
    tags: fc.uniqueArray(text),
  })
  .map(({ id, distro, version, stored, ...fields }) => {
    const image = createImage(id, fields)
    return { ...image, os: { ...image.os, distro, version }, size: { ...image.size, stored } }
  })

const oneOrMore = <A>(arbitrary: fc.Arbitrary<A>): fc.Arbitrary<AnyOf<A>> =>
  fc.oneof(arbitrary, fc.array(arbitrary, { maxLength: 2 }))

const conditions: fc.Arbitrary<EntryConditions> = fc.dictionary(
  text,
  fc.oneof(
    text,
    fc.boolean(),
    fc.array(text, { maxLength: 2 }),
    fc.record({ not: fc.array(text, { maxLength: 2 }), present: fc.boolean() }),
  ),
  { maxKeys: 1 },
)

const arbitraryQuery: fc.Arbitrary<Query> = fc.record(
  {
    distro: oneOrMore(text),
    version: oneOrMore(text),
    architecture: oneOrMore(text),
    status: oneOrMore(fc.constantFrom('available' as const, 'pending' as const)),
    visibility: oneOrMore(fc.constantFrom('public' as const, 'private' as const)),
    kind: oneOrMore(fc.constantFrom('system' as const, 'snapshot' as const)),
    name: oneOrMore(text),
    owner: oneOrMore(text),
    labels: oneOrMore(conditions),
    properties: oneOrMore(conditions),
    tags: oneOrMore<TagCondition>(fc.oneof(text, fc.record({ all: fc.uniqueArray(text, { maxLength: 2 }) }))),
    unavailableBefore: oneOrMore(instant),
    digest: oneOrMore(text.map((value) => `md5:${value}`)),
    olderThan: oneOrMore(instant),
    newerThan: oneOrMore(instant),
    deprecated: fc.boolean(),
    hidden: fc.constantFrom('exclude' as const, 'include' as const, 'only' as const),
    text: oneOrMore(text),
  },
  { requiredKeys: [] },
)

const filters: fc.Arbitrary<FilterName[]> = fc.subarray([...FILTER_NAMES])

describe('matches', () => {
  const plain = createImage('1')
  const full: Image = {
    ...createImage('42', {
      name: 'Ubuntu 24.04',
      description: 'A base image',
      architecture: 'x86_64',
      status: 'available',
      visibility: 'public',
      kind: 'system',
      owner: 'me',
      labels: { team: 'web', empty: '' },
      tags: ['a', 'b'],
      properties: { os_type: 'linux', none: null },
      createdAt: '2024-01-01T00:00:00Z',
      deprecatedAt: '2024-06-01T00:00:00Z',
      hidden: false,
    }),
    os: { family: 'linux', distro: 'ubuntu', version: '24.04', defaultUser: null },
  }

  it.each<[Query, boolean]>([
    [{}, true],
    [{ distro: 'ubuntu' }, true],
    [{ distro: 'Ubuntu' }, false],
    [{ version: '24.04' }, true],
    [{ version: '24' }, false],
    [{ architecture: 'x86_64' }, true],
    [{ architecture: 'aarch64' }, false],
    [{ status: 'available' }, true],
    [{ status: 'pending' }, false],
    [{ visibility: 'public' }, true],
    [{ visibility: 'private' }, false],
    [{ kind: 'system' }, true],
    [{ kind: 'snapshot' }, false],
    [{ name: 'Ubuntu 24.04' }, true],
    [{ name: 'ubuntu 24.04' }, false],
    [{ owner: 'me' }, true],
    [{ owner: 'you' }, false],
    [{ labels: { team: 'web' } }, true],
    [{ labels: { team: 'db' } }, false],
    [{ labels: { team: true, empty: '' } }, true],
    [{ labels: { team: 'web', missing: true } }, false],
    [{ labels: { constructor: true as const } }, false],
    [{ labels: { team: false } }, false],
    [{ labels: { missing: false } }, true],
    [{ labels: { constructor: false } }, true],
    [{ labels: { team: ['db', 'web'] } }, true],
    [{ labels: { team: ['db'] } }, false],
    [{ labels: { team: [] } }, false],
    [{ labels: { team: { not: ['web'] } } }, false],
    [{ labels: { team: { not: ['db'] }, missing: { not: ['x'] } } }, true],
    [{ labels: { missing: { not: ['x'], present: true } } }, false],
    [{ labels: [{ team: 'db' }, { team: 'web' }] }, true],
    [{ labels: [] }, false],
    [{ properties: { os_type: 'linux', none: true } }, true],
    [{ properties: { none: 'x' } }, false],
    [{ properties: { none: { not: ['x'] } } }, true],
    [{ tags: 'b' }, true],
    [{ tags: ['c', 'a'] }, true],
    [{ tags: ['c', 'd'] }, false],
    [{ tags: { all: ['b', 'a'] } }, true],
    [{ tags: { all: ['a', 'c'] } }, false],
    [{ tags: [{ all: ['a', 'c'] }, 'b'] }, true],
    [{ tags: [] }, false],
    [{ kind: ['snapshot', 'system'] }, true],
    [{ kind: ['snapshot', 'backup'] }, false],
    [{ kind: [] }, false],
    [{ text: ['debian', 'BASE'] }, true],
    [{ newerThan: '2023-12-31T23:59:59.5Z' }, true],
    [{ newerThan: '2024-01-01T00:00:00Z' }, false],
    [{ olderThan: ['2023-01-01T00:00:00Z', '2024-01-01T00:00:00.5Z'] }, true],
    [{ olderThan: '2024-01-01T00:00:00.5Z' }, true],
    [{ olderThan: '2024-01-01T00:00:00Z' }, false],
    [{ deprecated: true }, true],
    [{ deprecated: false }, false],
    [{ hidden: 'include' }, true],
    [{ hidden: 'only' }, false],
    [{ text: 'BASE' }, true],
    [{ text: 'ubuntu' }, true],
    [{ text: '42' }, true],
    [{ text: 'debian' }, false],
    [{ distro: 'ubuntu', architecture: 'aarch64' }, false],
  ])('%j: %s', (query, expected) => {
    expect(matches(query, full)).toBe(expected)
  })

  it('matches an image without values only with negative filters', () => {
    for (const query of [
      { distro: 'ubuntu' },
      { name: 'x' },
      { owner: 'me' },
      { olderThan: '2999-01-01T00:00:00Z' },
      { newerThan: '1999-01-01T00:00:00Z' },
      { tags: ['a'] },
      { labels: { a: true } },
      { deprecated: true },
      { hidden: 'only' },
    ] as const)
      expect(matches(query, plain)).toBe(false)
    expect(matches({}, plain)).toBe(true)
    expect(matches({ deprecated: false }, plain)).toBe(true)
  })

  it('excludes hidden images by default', () => {
    const hidden = { ...plain, hidden: true }
    expect(matches({}, hidden)).toBe(false)
    expect(matches({ hidden: 'exclude' }, hidden)).toBe(false)
    expect(matches({ hidden: 'include' }, hidden)).toBe(true)
    expect(matches({ hidden: 'only' }, hidden)).toBe(true)
  })
})

describe('pickFilters and omitFilters', () => {
  it('together match the same images as the query, for any filters of the server', () => {
    fc.assert(
      fc.property(arbitraryQuery, arbitraryImage, filters, (query, image, pushedDown) => {
        expect(matches(pickFilters(query, pushedDown), image) && matches(omitFilters(query, pushedDown), image)).toBe(
          matches(query, image),
        )
      }),
      { numRuns: 2000 },
    )
  })

  it('keep only their own filters', () => {
    expect(pickFilters({ name: 'x', owner: 'me' }, ['name'])).toEqual({ name: 'x', hidden: 'include' })
    expect(omitFilters({ name: 'x', owner: 'me' }, ['name'])).toEqual({ owner: 'me', hidden: 'exclude' })
    expect(omitFilters({ name: 'x' }, ['name', 'hidden'])).toEqual({ hidden: 'include' })
  })
})

describe('compareImages', () => {
  const sorts: fc.Arbitrary<SortOrder[]> = fc.array(
    fc.record({
      key: fc.constantFrom(...SORT_KEYS),
      direction: fc.constantFrom('ascending' as const, 'descending' as const),
    }),
    { maxLength: 3 },
  )

  it('is a total order', () => {
    fc.assert(
      fc.property(sorts, arbitraryImage, arbitraryImage, arbitraryImage, (by, a, b, c) => {
        const compare = compareImages(by)
        expect(compare(a, b) + compare(b, a)).toBe(0)
        if (compare(a, b) <= 0 && compare(b, c) <= 0) expect(compare(a, c)).toBeLessThanOrEqual(0)
        if (a.ref.id !== b.ref.id) expect(compare(a, b)).not.toBe(0)
      }),
      { numRuns: 1000 },
    )
  })

  const sorted = (by: readonly SortOrder[], ...images: readonly Image[]): readonly string[] =>
    [...images].sort(compareImages(by)).map(({ ref }) => ref.id)

  it('sorts images without a value last in both directions', () => {
    const images = [createImage('none'), createImage('b', { name: 'b' }), createImage('a', { name: 'a' })]
    expect(sorted([{ key: 'name', direction: 'ascending' }], ...images)).toEqual(['a', 'b', 'none'])
    expect(sorted([{ key: 'name', direction: 'descending' }], ...images)).toEqual(['b', 'a', 'none'])
  })

  it('compares sizes as numbers, instants as times, and ties by ID', () => {
    const sized = (id: string, stored: number): Image => ({
      ...createImage(id),
      size: { stored, virtual: null, minDisk: null, minRam: null },
    })
    expect(sorted([{ key: 'size', direction: 'ascending' }], sized('x', 10), sized('y', 9))).toEqual(['y', 'x'])
    const made = (id: string, createdAt: string): Image => createImage(id, { createdAt })
    expect(
      sorted(
        [{ key: 'createdAt', direction: 'ascending' }],
        made('3', '2024-01-01T00:00:00.5Z'),
        made('2', '2024-01-01T00:00:00Z'),
        made('1', '2024-01-01T00:00:00Z'),
      ),
    ).toEqual(['1', '2', '3'])
  })

  it('orders images with the same ID at different clouds', () => {
    const [here, there] = [
      createImage('1'),
      { ...createImage('1'), ref: { provider: 'paper', cloud: 'other', region: null, id: '1' } },
    ]
    expect(compareImages([])(here, there)).not.toBe(0)
  })
})

describe('isBefore', () => {
  it('compares fractions of seconds', () => {
    expect(isBefore('2024-01-01T00:00:00Z', '2024-01-01T00:00:00.5Z')).toBe(true)
    expect(isBefore('2024-01-01T00:00:00.45Z', '2024-01-01T00:00:00.5Z')).toBe(true)
    expect(isBefore('2024-01-01T00:00:01Z', '2024-01-01T00:00:00.5Z')).toBe(false)
    expect(isBefore('2024-01-01T00:00:00Z', '2024-01-01T00:00:00Z')).toBe(false)
  })
})
