import { findFields, toGuard, Notes, OpenEnumType, RestType } from '@imago/codec'
import type { JsonObject } from '@imago/core/provider'
import fc from 'fast-check'
import * as t from 'io-ts'
import { arbitraryFor } from './codec-laws.ts'

/** Additions to what `recordArbitrary` derives from a codec. */
export interface RecordWords {
  /** OptionalResource values for a field, besides those in its codec: `{ os_distro: ['org.debian'] }`. */
  readonly words?: Readonly<Record<string, readonly string[]>>
}

/** Keys and words that every object inherits: a lookup in a plain object finds them by mistake. */
const INHERITED = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'] as const

/** Keys that are difficult to escape in a pointer or to keep in order. */
const ODD_KEYS = ['', '~', '/', '~1', 'a/b~c', '0', '7', '\ud800', ' id', 'ID', 'Id'] as const

const ODD_DATES = [
  '2016-01-30T23:50+00:00',
  '2016-01-30 23:50:00.120000+05:30',
  '2024-02-29T23:59:59Z',
  '2023-02-29T00:00:00Z',
  '2024-11-30T00:00:00.000001Z',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59-12:00',
  '2027-04-30',
  'none',
] as const

const ODD_NUMBERS = [0, 1, -1, 0.1, 1.5, 2 ** 31, 2 ** 53 - 1, 2 ** 53, 1e308, -1e308, Infinity] as const

const nest = (depth: number): unknown =>
  depth === 0 ? null : depth % 2 === 0 ? [nest(depth - 1)] : { id: nest(depth - 1) }

const ODD_VALUES: readonly unknown[] = [
  ...INHERITED,
  ...ODD_DATES,
  ...ODD_NUMBERS,
  null,
  true,
  false,
  '',
  ' ',
  'a new word',
  '\ud83d',
  '\u001b[31m',
  [],
  [null],
  ['b', 'a', 'a'],
  {},
  { id: {} },
  nest(100),
]

/** Built from entries, so that `__proto__` is an ordinary key, as in `JSON.parse`. */
const toRecord = (entries: readonly (readonly [string, unknown])[]): JsonObject => Object.fromEntries(entries)

type Entry = readonly (readonly [string, unknown])[]

/** How closely records follow their codec: exactly; with new words and keys; not at all. */
type Temper = 'clean' | 'fitting' | 'wild'

/** Drawn once per field with a fixed seed: generating each value anew would dominate the runtime of tests. */
interface Pools {
  readonly clean: fc.Arbitrary<unknown>
  readonly fitting: fc.Arbitrary<unknown>
  readonly wild: fc.Arbitrary<unknown>
}

const createPools = (codec: t.Any, words: readonly string[]): Pools => {
  const guard = toGuard(codec)
  const stated = codec instanceof OpenEnumType ? [...codec.words] : []
  const drawn = [...words, ...stated, ...fc.sample(arbitraryFor(codec), { numRuns: 150, seed: 1 }), ...ODD_VALUES]
  const fitting = drawn.filter((value) => codec.is(value))
  const clean = fitting.filter((value) => {
    const notes = new Notes()
    return guard(value, notes) && notes.list.length === 0
  })
  // Special words are rare among all words: without this weight, two would almost never occur together.
  const often = (pool: readonly unknown[]): fc.Arbitrary<unknown> => {
    const first = pool.slice(0, words.length + stated.length)
    return first.length === 0 ? fc.constantFrom(...pool) : fc.oneof(fc.constantFrom(...first), fc.constantFrom(...pool))
  }
  return { clean: often(clean), fitting: often(fitting), wild: fc.constantFrom(null, ...drawn) }
}

/** The entry of one field; empty if the field is left out. */
const createEntry = (
  key: string,
  required: boolean,
  { clean, fitting, wild }: Pools,
  temper: Temper,
): fc.Arbitrary<Entry> => {
  const withKey = (value: fc.Arbitrary<unknown>): fc.Arbitrary<Entry> => value.map((one) => [[key, one]])
  const good = withKey(temper === 'clean' ? clean : fitting)
  const absent = fc.constant<Entry>([])
  if (required)
    return temper === 'wild'
      ? fc.oneof(
          { weight: 20, arbitrary: good },
          { weight: 1, arbitrary: withKey(wild) },
          { weight: 1, arbitrary: absent },
        )
      : good
  return fc.oneof(
    { weight: 4, arbitrary: good },
    { weight: 2, arbitrary: absent },
    { weight: temper === 'wild' ? 3 : 0, arbitrary: withKey(wild) },
  )
}

const rotate = <A>(list: readonly A[], by: number): readonly A[] => {
  const at = by % Math.max(list.length, 1)
  return [...list.slice(at), ...list.slice(0, at)]
}

/**
 * Generates records of an object codec, as a provider might return them. One third is clean; one third fits the codec, with new words and keys; one
 * third also has nulls, wrong types and missing fields. Keys and words include `__proto__` (as `JSON.parse` creates it) and `constructor`; values
 * include numbers beyond 2^53, lone surrogates, odd dates and deep nesting.
 *
 * @example recordArbitrary(GlanceImage, { words: { os_distro: ['org.debian', 'rocky'] } })
 */
export const recordArbitrary = (codec: t.Any, { words = {} }: RecordWords = {}): fc.Arbitrary<JsonObject> => {
  const fields = findFields(codec)
  if (fields === null) throw new TypeError(`recordArbitrary: ${codec.name} is not an object codec`)
  const pools = new Map(
    [...fields].map(([key, field]) => [
      key,
      createPools(field.codec, (Object.hasOwn(words, key) ? words[key] : undefined) ?? []),
    ]),
  )
  const otherPools = createPools(codec instanceof RestType ? codec.rest : t.unknown, [])
  const otherKey = fc
    .oneof(fc.constantFrom(...INHERITED, ...ODD_KEYS), fc.string({ maxLength: 6 }))
    .filter((key) => !fields.has(key))
  const findRecords = (temper: Temper): fc.Arbitrary<JsonObject> => {
    const entries = [...fields].map(([key, { required }]) =>
      createEntry(key, required, pools.get(key) as Pools, temper),
    )
    const hasOthers = temper !== 'clean' || codec instanceof RestType
    const others = fc.array(fc.tuple(otherKey, otherPools[temper]), { maxLength: hasOthers ? 4 : 0 })
    return fc
      .tuple(fc.tuple(...entries), others, fc.nat(40))
      .map(([stated, more, by]) => toRecord(rotate([...stated.flat(), ...more], by)))
  }
  return fc.oneof(findRecords('clean'), findRecords('fitting'), findRecords('wild'))
}
