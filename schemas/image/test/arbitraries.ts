import { FIELD_NAMES, FIELDS, type FieldName } from '@imago/core'
import { getEmptyValue } from '@imago/core/provider'
import fc from 'fast-check'

/** UTF-16 code units, including lone surrogates. */
const anyUnit = fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit))
const TRICKY = [
  '',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'length',
  'null',
  '0',
  '\ud800',
  '\udc00x',
  '\u0000',
  'Ünïcödé – 雲 🖥️',
  'a/b~c',
]

export const text = fc.oneof(
  { weight: 4, arbitrary: fc.string({ maxLength: 8 }) },
  fc.string({ unit: anyUnit, maxLength: 6 }),
  fc.constantFrom(...TRICKY),
)
const orNull = <A>(arbitrary: fc.Arbitrary<A>): fc.Arbitrary<A | null> => fc.option(arbitrary, { nil: null, freq: 3 })

/** Any JSON value, as `JSON.parse` returns it, with `__proto__` as an ordinary key. */
export const anyJson: fc.Arbitrary<unknown> = fc
  .oneof(fc.jsonValue({ maxDepth: 2 }), fc.dictionary(text, fc.jsonValue({ maxDepth: 1 }), { maxKeys: 4 }))
  .map(asParsed)

/** Converts `value` to JSON and back. */
export function asParsed<A>(value: A): A {
  return JSON.parse(JSON.stringify(value)) as A
}

const padded = (digits: number, numbers: fc.Arbitrary<number>): fc.Arbitrary<string> =>
  numbers.map((number) => String(number).padStart(digits, '0'))
const years = fc.oneof(
  fc.constantFrom(0, 4, 100, 400, 1600, 1900, 1999, 2000, 2016, 2023, 2024, 2100, 9999),
  fc.integer({ min: 0, max: 9999 }),
)
const usually = <A>(usual: fc.Arbitrary<A>, odd: fc.Arbitrary<A>): fc.Arbitrary<A> =>
  fc.oneof({ weight: 9, arbitrary: usual }, { weight: 1, arbitrary: odd })

/** Instants and similar texts: invalid days, leap seconds, other spellings of the same instant. */
export const nearInstant: fc.Arbitrary<string> = fc
  .tuple(
    padded(4, years),
    usually(padded(2, fc.integer({ min: 1, max: 12 })), fc.constantFrom('00', '13', '1', '2')),
    usually(
      padded(2, fc.oneof(fc.integer({ min: 1, max: 28 }), fc.integer({ min: 28, max: 31 }))),
      fc.constantFrom('00', '32', '1'),
    ),
    usually(fc.constant('T'), fc.constantFrom('t', ' ', '')),
    usually(padded(2, fc.integer({ min: 0, max: 23 })), fc.constantFrom('24', '7')),
    usually(padded(2, fc.integer({ min: 0, max: 59 })), fc.constant('60')),
    usually(padded(2, fc.integer({ min: 0, max: 59 })), fc.constant('60')),
    usually(
      fc.constantFrom('', '.5', '.000001', '.999999999', '.1234567890123'),
      fc.constantFrom('.', '.0', '.50', '.000', ',5'),
    ),
    usually(fc.constant('Z'), fc.constantFrom('z', '', '+00:00', '-00:00', '+02:00', 'UTC', 'Z\n', ' Z', '٠')),
  )
  .map(
    ([year, month, day, separator, hour, minute, second, fraction, zone]) =>
      `${year}-${month}-${day}${separator}${hour}:${minute}:${second}${fraction}${zone}`,
  )

/** Numbers at and beyond the limits of a size. */
export const nearSize: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(
    0,
    -0,
    1,
    1.5,
    -1,
    2 ** 31,
    2 ** 32,
    2 ** 53 - 2,
    2 ** 53 - 1,
    2 ** 53,
    2 ** 53 + 2,
    1e21,
    1e300,
    5e-324,
    -(2 ** 53),
  ),
  fc.maxSafeNat(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
)

const validInstant = fc
  .date({ min: new Date('0000-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true })
  .map((date) => {
    const [seconds = '', fraction = ''] = date.toISOString().slice(0, -1).split('.')
    const digits = fraction.replace(/0+$/, '')
    return `${seconds}${digits === '' ? '' : `.${digits}`}Z`
  })

const dictionary = <A>(values: fc.Arbitrary<A>): fc.Arbitrary<Record<string, A>> =>
  fc.dictionary(text, values, { maxKeys: 4 })

/** The closed lists of words, by field. They are repeated here, so that the test does not depend on the codec or the schema. */
const WORDS = {
  kind: ['system', 'app', 'snapshot', 'backup', 'image', 'unknown'],
  status: ['pending', 'available', 'unavailable', 'failed', 'deleting', 'deleted', 'unknown'],
  visibility: ['public', 'private', 'shared', 'community', 'unknown'],
  family: ['linux', 'windows', 'bsd', 'macos', 'other'],
  firmware: ['bios', 'uefi'],
  secureBoot: ['required', 'optional', 'disabled'],
  of: ['stored', 'uncompressed', 'unknown'],
  assertedBy: ['provider', 'uploader'],
  relation: ['created-from', 'bound-to', 'based-on', 'imported-from'],
  originKind: ['server', 'image', 'url'],
} as const
const word = (name: keyof typeof WORDS): fc.Arbitrary<string> => fc.constantFrom(...WORDS[name])

/** Words of any list, and similar texts. */
const nearWord = fc.constantFrom(
  ...Object.values(WORDS).flat(),
  'temporary',
  'LINUX',
  'Public',
  'available ',
  'disable',
  '',
)

const size = orNull(fc.oneof(fc.constantFrom(0, 1, 2 ** 53 - 1), fc.maxSafeNat()))
const instant = orNull(validInstant)
const flag = orNull(fc.boolean())
const note = orNull(text)

/** The words of a field. Fields that are not listed above use those of their type. */
const listWords = (field: FieldName): readonly string[] =>
  (WORDS as Readonly<Record<string, readonly string[]>>)[field.slice(field.indexOf('.') + 1)] ??
  FIELDS[field].type.split(', ')

/** The values of a field, by its type. */
const arbitraryValue = (field: FieldName): fc.Arbitrary<unknown> => {
  switch (FIELDS[field].type) {
    case 'string':
      return field === 'ref.id' ? text : note
    case 'boolean':
      return flag
    case 'bytes':
      return size
    case 'instant':
      return instant
    case 'list of digests':
      return fc.array(fc.record({ algorithm: text, value: text, of: word('of'), assertedBy: word('assertedBy') }), {
        maxLength: 3,
      })
    case 'list of origins':
      return fc.array(
        fc.record({ relation: word('relation'), kind: word('originKind'), id: note, name: note, url: note }),
        { maxLength: 3 },
      )
    case 'list of strings':
      return fc.array(text, { maxLength: 3 })
    case 'map of strings':
      return dictionary(field === 'labels' ? text : note)
    default: {
      const words = fc.constantFrom(...listWords(field))
      return getEmptyValue(field) === null ? orNull(words) : words
    }
  }
}

/** Valid images. */
export const validImage: fc.Arbitrary<Record<string, unknown>> = fc
  .record({
    'ref.provider': text,
    'ref.cloud': note,
    'ref.region': note,
    ...Object.fromEntries(FIELD_NAMES.map((field) => [field, arbitraryValue(field)])),
    raw: anyJson,
  })
  .map((values) => {
    const image: Record<string, unknown> = {}
    for (const [path, value] of Object.entries(values)) {
      const [outer = '', inner] = path.split('.')
      image[outer] = inner === undefined ? value : { ...(image[outer] as object), [inner]: value }
    }
    return asParsed(image)
  })

type Json = Record<string, unknown> | unknown[]
type Place = readonly [holder: Json, key: string, path: string]

const isHolder = (u: unknown): u is Json => typeof u === 'object' && u !== null

/** Every entry of `value`, at any depth, except inside `raw`. */
const placesIn = (value: Json, path = ''): readonly Place[] =>
  Object.keys(value).flatMap((key) => {
    const child = (value as Record<string, unknown>)[key]
    const here = `${path}/${key}`
    return [[value, key, here] as const, ...(isHolder(child) && here !== '/raw' ? placesIn(child, here) : [])]
  })

const put = (holder: Json, key: string, value: unknown): void => {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true })
}

/** The kinds of mutations. `AIMED` has the paths that each applies to. */
const MUTATIONS = ['drop', 'any value', 'size', 'instant', 'word', 'extra key'] as const
export type Mutation = (typeof MUTATIONS)[number]

const AIMED: Readonly<Record<Mutation, RegExp>> = {
  drop: /./,
  'any value': /./,
  size: /^\/size\//,
  instant: /^\/\w+(?:At|After)$/,
  word: /^\/(?:kind|status|visibility|os\/family|boot\/\w+|digests\/\d+\/\w+|origins\/\d+\/\w+)$/,
  'extra key': /^\/(?:ref|os|boot|format|size|labels|properties|digests\/\d+|origins\/\d+)$/,
}

/** An image with one mutation, which may be valid or invalid. */
export const mutatedImage: fc.Arbitrary<{
  readonly image: unknown
  readonly mutation: Mutation
  readonly path: string
}> = fc
  .tuple(
    validImage,
    fc.constantFrom(...MUTATIONS),
    fc.nat(),
    fc.record({
      'any value': fc.oneof(anyJson, fc.constantFrom(null, '', 0, true, [], {}, [null], { '': null })),
      size: nearSize.map((number) => (Object.is(number, -0) ? 0 : number)),
      instant: nearInstant,
      word: nearWord,
      'extra key': fc.tuple(fc.oneof(text, fc.constantFrom('extra', 'evidences', 'names')), anyJson),
    }),
  )
  .map(([valid, mutation, index, values]) => {
    const image = asParsed(valid)
    const places = placesIn(image).filter(([, , path]) => AIMED[mutation].test(path))
    const [holder, key, path] = places[index % places.length] ?? [image, 'name', '/name']
    if (mutation === 'drop') {
      if (Array.isArray(holder)) holder.splice(Number(key), 1)
      else delete holder[key]
    } else if (mutation === 'extra key') {
      const inner = (holder as Record<string, unknown>)[key]
      if (isHolder(inner)) put(inner, ...values[mutation])
    } else put(holder, key, values[mutation])
    return { image, mutation, path }
  })
