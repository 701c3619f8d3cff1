import { describe, expect, test } from '@jest/globals'
import { nullable, openEnum } from '@imago/codec'
import {
  createImageReader,
  identityField,
  readOnlyField,
  createRuleBuilders,
  type Image,
  type ImageMapping,
  type ImageReader,
  type JsonObject,
  type ReadResult,
} from '@imago/core/provider'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { recordArbitrary } from '../src/arbitrary.ts'
import { mappingLaws } from '../src/mapping-laws.ts'

const ToyImage = t.intersection(
  [
    t.type({ id: t.string }),
    t.partial({
      name: nullable(t.string),
      state: nullable(openEnum('ToyState', ['ready', 'gone'])),
      size: nullable(t.number),
    }),
  ],
  'ToyImage',
)
type ToyImage = t.TypeOf<typeof ToyImage>

const { declared } = createRuleBuilders<ToyImage>()

const mapping: ImageMapping<ToyImage> = {
  'ref.id': identityField(declared(['id'], ({ id }) => id)),
  name: readOnlyField(declared(['name'], ({ name }) => name)),
  providerStatus: readOnlyField(declared(['state'], ({ state }) => state)),
}

const createReader = (wrong: Partial<ImageMapping<ToyImage>> = {}): ImageReader =>
  createImageReader({
    provider: 'toy',
    title: 'Toy',
    wire: ToyImage,
    mapping: { ...mapping, ...wrong },
    dialects: [{ name: 'api', title: 'its own', recognize: () => null }],
  })

const reader = createReader()

/** Returns the names of the laws that a reader breaks. */
const broken = (candidate: ImageReader): readonly string[] => {
  const failed: string[] = []
  const attempt = (name: string, body: () => void): void => {
    try {
      body()
    } catch {
      failed.push(name)
    }
  }
  mappingLaws({ describe: (_, body) => body(), test: attempt }, candidate, recordArbitrary(ToyImage), { numRuns: 100 })
  return failed
}

/** Wraps `reader` with a change of its results. */
const reading = (change: (reading: ReadResult, record: JsonObject) => ReadResult): ImageReader => ({
  ...reader,
  read: (record, place, dialect) =>
    E.map((one: ReadResult) => change(one, record as JsonObject))(reader.read(record, place, dialect)),
})

const raise = (): never => {
  throw new Error('this is not said')
}

const withImage = (change: (image: Image, record: JsonObject) => Image): ImageReader =>
  reading((one, record) => ({ ...one, image: change(one.image, record) }))

const IMAGE = 'a record is converted to an Image of plain JSON, or rejected with a reason'
const THROWS = 'any JSON value is read, explained or rejected without exceptions'
const RAW = 'raw is the full, unchanged record'
const AGREES = 'explain agrees with read on every field'
const SOURCES = 'the source of a field alone gives the same value'
const DRIFT = 'drift points at existing data'
const NO_ID = 'a record without an ID is rejected because of its ID'
const ALONE = 'records do not affect each other'
const TRIED = 'the laws ran on clean, drifting and rejected records'
const REFERENCE = 'the field reference of Toy has every field once, and an allowed class for each rule'

describe('mappingLaws', () => {
  test('pass for a correct reader', () => expect(broken(reader)).toEqual([]))

  let last: unknown = null
  test.each([
    [
      'a number that is NaN',
      [IMAGE],
      createReader({
        'size.stored': readOnlyField(declared(['size'], ({ size }) => (size === undefined ? undefined : Number.NaN))),
      }),
    ],
    ['an unknown word', [IMAGE], withImage((image) => ({ ...image, status: 'ready' as 'available' }))],
    [
      'an exception',
      [THROWS, IMAGE],
      createReader({
        name: readOnlyField(declared(['name'], ({ name }) => name?.toUpperCase().slice(0, name.length) ?? raise())),
      }),
    ],
    ['a copy as raw', [RAW], withImage((image, record) => ({ ...image, raw: { ...record } }))],
    [
      'a changed record',
      [RAW],
      withImage((image, record) => {
        delete (record as Record<string, unknown>)['name']
        return image
      }),
    ],
    [
      'a value that differs from explain',
      [AGREES],
      withImage((image) => ({ ...image, name: image.name === null ? null : `${image.name} ` })),
    ],
    [
      'a rule that reads more than it declares',
      [SOURCES],
      createReader({ name: readOnlyField(declared(['name'], (wire) => wire.name ?? (wire as ToyImage).state)) }),
    ],
    [
      'drift that points nowhere',
      [DRIFT],
      reading((one) => ({
        ...one,
        drift: one.drift.map((drift) => ({ ...drift, path: '/nowhere', pointer: '/images/3/nowhere' })),
      })),
    ],
    ['repeated drift', [DRIFT], reading((one) => ({ ...one, drift: [...one.drift, ...one.drift] }))],
    [
      'an image without an ID',
      [NO_ID],
      {
        ...reader,
        read: (record, place, dialect) => reader.read({ id: '', ...(record as JsonObject) }, place, dialect),
      } satisfies ImageReader,
    ],
    [
      'a value of the previous record',
      [ALONE],
      withImage((image) => {
        const name = last as string | null
        last = image.name
        return { ...image, name }
      }),
    ],
    [
      'a reader that rejects everything',
      [TRIED],
      {
        ...reader,
        read: (record, place) =>
          reader.read(null, { ...place, pointer: typeof record === 'object' ? place.pointer : '' }),
      } satisfies ImageReader,
    ],
    ['a reference without a field', [REFERENCE], { ...reader, fields: reader.fields.slice(1) }],
  ])('are broken by %s', (_, laws, candidate) => expect(broken(candidate)).toEqual(expect.arrayContaining(laws)))
})

/** Returns the failure messages of the laws that a reader breaks, by name. */
const collectMessages = (candidate: ImageReader): ReadonlyMap<string, string> => {
  const messages = new Map<string, string>()
  const attempt = (name: string, body: () => void): void => {
    try {
      body()
    } catch (thrown) {
      messages.set(name, (thrown as Error).message)
    }
  }
  mappingLaws({ describe: (_, body) => body(), test: attempt }, candidate, recordArbitrary(ToyImage), { numRuns: 300 })
  return messages
}

describe('mappingLaws names the field', () => {
  test('with an invalid value, and its part of the record', () => {
    const endless = createReader({
      'size.stored': readOnlyField(declared(['size'], ({ size }) => (size === 1e308 ? size * 1e9 : undefined))),
    })
    expect(collectMessages(endless).get(IMAGE)).toContain(
      'field size.stored: normalize gave Infinity; explain gave Infinity; the record has 1e+308 at /size',
    )
  })

  test('on which explain disagrees, and no other', () => {
    const message = collectMessages(withImage((image) => ({ ...image, name: 'another' }))).get(AGREES) ?? ''
    expect(message).toMatch(/field name: normalize gave "another"; explain gave .*; the record has .*name/)
    expect(message).not.toContain('providerStatus')
  })

  test('whose rule reads more than it declares', () => {
    const reader = createReader({
      name: readOnlyField(declared(['name'], (wire) => wire.name ?? (wire as ToyImage).state)),
    })
    expect(collectMessages(reader).get(SOURCES)).toMatch(
      /field name: ".*" from the whole record, null from the values at \/id.* alone: its rule reads keys that it does not declare/,
    )
  })

  test('that differs on a second read', () => {
    let count = 0
    const message = collectMessages(withImage((image) => ({ ...image, size: { ...image.size, stored: ++count } }))).get(
      ALONE,
    )
    expect(message).toMatch(/a second reading differs at \/right\/image\/size\/stored: \d+ is not \d+/)
  })
})

describe('recordArbitrary', () => {
  const records = fc.sample(recordArbitrary(ToyImage, { words: { name: ['ubuntu'] } }), { numRuns: 2_000, seed: 1 })
  const some = (predicate: (record: JsonObject) => boolean): number => records.filter(predicate).length

  test('generates fitting records, and near misses', () => {
    expect(some((record) => ToyImage.is(record))).toBeGreaterThan(900)
    expect(some((record) => !ToyImage.is(record))).toBeGreaterThan(200)
    expect(some((record) => !Object.hasOwn(record, 'id'))).toBeGreaterThan(0)
  })

  test('generates the extra words, in addition to those of the codec', () => {
    for (const word of ['ubuntu', 'constructor', '__proto__'])
      expect(some((record) => record['name'] === word)).toBeGreaterThan(0)
    for (const word of ['ready', 'gone', 'a new word'])
      expect(some((record) => record['state'] === word)).toBeGreaterThan(0)
  })

  test('generates odd keys as own keys', () => {
    for (const key of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'a/b~c', '\ud800'])
      expect(some((record) => Object.hasOwn(record, key))).toBeGreaterThan(0)
    expect(some((record) => Object.getPrototypeOf(record) !== Object.prototype)).toBe(0)
  })

  test('generates large numbers and odd values', () => {
    for (const value of [2 ** 53, 1e308, -1, 0.1, Infinity])
      expect(some((record) => Object.values(record).includes(value))).toBeGreaterThan(0)
    expect(
      some((record) => Object.values(record).some((value) => JSON.stringify(value)?.startsWith('[{"id":[{"id":['))),
    ).toBeGreaterThan(0)
  })

  test('requires an object codec', () =>
    expect(() => recordArbitrary(t.string)).toThrow('recordArbitrary: string is not an object codec'))
})
