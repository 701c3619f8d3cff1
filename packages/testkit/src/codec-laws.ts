import { toDecoder, findFields, toGuard, Notes, toPointerStep } from '@imago/codec'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'

/** The two functions of a test runner that laws need: those of jest, vitest or node:test. */
export interface TestRunner {
  readonly describe: (name: string, body: () => void) => unknown
  readonly test: (name: string, body: () => void) => unknown
}

type Tagged = t.Any & {
  readonly _tag?: string
  readonly type?: t.Any
  readonly types?: readonly t.Any[]
  readonly domain?: t.Any & { readonly keys?: Readonly<Record<string, unknown>> }
  readonly codomain?: t.Any
  readonly rest?: t.Any
  readonly value?: unknown
  readonly words?: ReadonlySet<string>
}

/** Keys that an object inherits, or that a careless reader mishandles. */
const HOSTILE_KEYS = ['__proto__', 'constructor', 'hasOwnProperty', 'toString', 'length', '', '~/', '\ud800', '0']

/** Values that some codec should reject. `JSON.parse('1e999')` is Infinity. */
const HOSTILE_VALUES: readonly unknown[] = [
  null,
  true,
  '',
  '\ud83d',
  'text',
  -1,
  0.5,
  2 ** 53,
  1e308,
  Infinity,
  [],
  {},
  [null],
  { id: null },
]

/** Values of which at least one fits most basic codecs. */
const SAMPLES: readonly unknown[] = HOSTILE_VALUES.concat(
  [0, 1, 42, 2 ** 53 - 1, false, 'a'],
  [
    '2016-01-30T23:50:00Z',
    '2016-01-30T23:50:00+00:00',
    '2016-01-30T23:50+00:00',
    '2020-12-18T05:20:38.000000',
    '2016-01-30',
  ],
)

const anyJson = fc.jsonValue({ maxDepth: 2 })
const hostileValue = fc.oneof(fc.constantFrom(...HOSTILE_VALUES), anyJson)
/** Code points except surrogates. Creating `fc.string({ unit: 'binary' })` takes half a second, in each process that imports this file. */
const codePoint = fc
  .oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((point) => String.fromCodePoint(point))
const text = fc.oneof(
  fc.string(),
  fc.string({ unit: codePoint }),
  fc.constantFrom('\ud800', '\udc00a', '\u001b[31m', '__proto__'),
)

/** Built from entries, so that `__proto__` is an ordinary key, as in `JSON.parse`. */
const toObject = (entries: readonly (readonly [string, unknown])[]): unknown => Object.fromEntries(entries)

const arbitraryEntries = (
  key: fc.Arbitrary<string>,
  value: fc.Arbitrary<unknown>,
  maxLength: number,
): fc.Arbitrary<[string, unknown][]> => fc.array(fc.tuple(key, value), { maxLength })

const arbitraryDictionary = (stated: readonly string[], value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc
    .tuple(
      fc.tuple(...stated.map(() => value)),
      arbitraryEntries(fc.oneof(fc.constantFrom(...HOSTILE_KEYS), text), value, 4),
    )
    .map(([values, others]) => toObject([...others, ...stated.map((key, index) => [key, values[index]] as const)]))

const goodObject = (codec: t.Any): fc.Arbitrary<unknown> => {
  const { rest } = codec as Tagged
  const fields = [...(findFields(codec) ?? [])]
  const entries = fields.map(([key, field]) => {
    const entry = arbitraryFit(field.codec).map((value) => [[key, value]] as [string, unknown][])
    return field.required ? entry : fc.oneof(entry, fc.constant([]))
  })
  const known = new Set(fields.map(([key]) => key))
  const others = arbitraryEntries(
    fc.oneof(fc.constantFrom(...HOSTILE_KEYS), text),
    rest === undefined ? anyJson : arbitraryFit(rest),
    3,
  )
  return fc.tuple(fc.tuple(...entries), others, fc.boolean()).map(([stated, more, moreFirst]) => {
    const unknown = more.filter(([key]) => !known.has(key))
    return toObject(moreFirst ? [...unknown, ...stated.flat()] : [...stated.flat(), ...unknown])
  })
}

/** Generates values that almost always fit `codec`. */
const arbitraryFit = (codec: t.Any): fc.Arbitrary<unknown> => {
  const { _tag, type, types, domain, codomain, value, words } = codec as Tagged
  switch (_tag) {
    case 'StringType':
      return text
    case 'NumberType':
      return fc.oneof(fc.integer(), fc.double({ noNaN: true }))
    case 'BooleanType':
      return fc.boolean()
    case 'NullType':
      return fc.constant(null)
    case 'UnknownType':
    case 'AnyType':
      return hostileValue
    case 'LiteralType':
      return fc.constant(value)
    case 'OpenEnumType':
      return fc.oneof(fc.constantFrom('a new word', ...(words ?? [])), text)
    case 'UnionType':
      return fc.oneof(...(types ?? []).map(arbitraryFit))
    case 'ArrayType':
    case 'ReadonlyArrayType':
      return type === undefined ? fc.array(anyJson) : fc.array(arbitraryFit(type), { maxLength: 4 })
    case 'TupleType':
      return fc.tuple(...(types ?? []).map(arbitraryFit))
    case 'DictionaryType':
      return arbitraryDictionary(
        Object.keys(domain?.keys ?? {}),
        codomain === undefined ? anyJson : arbitraryFit(codomain),
      )
    default: {
      if (findFields(codec) !== null) return goodObject(codec)
      const samples = SAMPLES.filter((sample) => codec.is(sample))
      return samples.length > 0 ? fc.constantFrom(...samples) : anyJson
    }
  }
}

/** Replaces or deletes the value at a path of a valid value, for near misses. */
const spoil = (u: unknown, path: readonly number[], by: unknown, remove: boolean): unknown => {
  const [step, ...others] = path
  if (step === undefined || typeof u !== 'object' || u === null) return by
  const entries = Object.entries(u)
  const at = entries.length === 0 ? -1 : step % entries.length
  const changed = entries.flatMap(([key, value], index): [string, unknown][] => {
    if (index !== at) return [[key, value]]
    return remove && others.length === 0 ? [] : [[key, others.length === 0 ? by : spoil(value, others, by, remove)]]
  })
  return Array.isArray(u) ? changed.map(([, value]) => value) : toObject(changed)
}

/**
 * Generates JSON values for `codec`: valid ones, valid ones with one fault, and arbitrary ones. They include keys such as `__proto__`, numbers beyond
 * 2^53 and lone surrogates.
 */
export const arbitraryFor = (codec: t.Any): fc.Arbitrary<unknown> => {
  const good = arbitraryFit(codec)
  const path = fc.array(fc.nat(64), { minLength: 1, maxLength: 3 })
  return fc.oneof(
    { weight: 4, arbitrary: good },
    {
      weight: 4,
      arbitrary: fc
        .tuple(good, path, hostileValue, fc.boolean())
        .map(([u, steps, by, remove]) => spoil(u, steps, by, remove)),
    },
    { weight: 1, arbitrary: hostileValue },
  )
}

/** io-ts encodes objects by assignment, which turns the key `__proto__` into a prototype. Its decoders and guards keep the key. */
const isEncodable = (u: unknown): boolean => !fc.stringify(u).includes('__proto__')

const same = (one: unknown, other: unknown): boolean => fc.stringify(one) === fc.stringify(other)

/** A law of one codec, for one value. */
type Law = (codec: t.Any) => (u: unknown) => boolean

/** The laws of every codec, by name. */
const LAWS: Readonly<Record<string, Law>> = {
  'it never throws': (codec) => {
    const [guard, decode] = [toGuard(codec), toDecoder(codec)]
    return (u) => [codec.is(u), codec.decode(u), guard(u, new Notes()), decode(u, new Notes())].length === 4
  },
  '`is` accepts every decoded value': (codec) => (u) => {
    const decoded = codec.decode(u)
    return E.isLeft(decoded) || codec.is(decoded.right)
  },
  'decode, encode, decode equals decode': (codec) => (u) => {
    const decoded = codec.decode(u)
    return E.isLeft(decoded) || !isEncodable(u) || same(codec.decode(codec.encode(decoded.right)), decoded)
  },
  'the guard agrees with `is`': (codec) => {
    const guard = toGuard(codec)
    return (u) => guard(u, new Notes()) === codec.is(u)
  },
  'the decoder returns accepted values, and returns valid input unchanged': (codec) => {
    const decode = toDecoder(codec)
    return (u) => {
      const decoded = decode(u, new Notes())
      return codec.is(u)
        ? E.isRight(decoded) && decoded.right === u
        : E.isLeft(decoded)
          ? decoded.left.length > 0
          : codec.is(decoded.right)
    }
  },
}

/** Returns why the law does not hold; `null`: it holds. */
const findProblem = (law: Law, codec: t.Any, u: unknown): string | null => {
  try {
    return law(codec)(u) ? null : 'it does not hold'
  } catch (thrown) {
    return `it throws ${String(thrown)}`
  }
}

/** Finds the field of `u` that breaks a law, and its value; the whole value if no single field breaks it. */
const blame = (law: Law, codec: t.Any, u: unknown, pointer = ''): string => {
  const held = typeof u === 'object' && u !== null ? (u as Readonly<Record<string, unknown>>) : {}
  for (const [key, { codec: inner }] of findFields(codec) ?? []) {
    if (Object.hasOwn(held, key) && findProblem(law, inner, held[key]) !== null)
      return blame(law, inner, held[key], `${pointer}${toPointerStep(key)}`)
  }
  return `${pointer === '' ? 'of the whole value' : `field ${pointer}`} (${codec.name}): ${findProblem(law, codec, u)} for ${fc.stringify(u).slice(0, 200)}`
}

const holds = (values: fc.Arbitrary<unknown>, law: Law, codec: t.Any): void => {
  const keeps = law(codec)
  const isKept = (u: unknown): boolean => {
    try {
      return keeps(u)
    } catch {
      return false
    }
  }
  fc.assert(
    fc.property(values, (u) => {
      if (!isKept(u)) throw new Error(blame(law, codec, u))
    }),
    { includeErrorInReport: true },
  )
}

/**
 * Registers tests of the laws of every codec: it never throws; `is` accepts every decoded value; decode, encode, decode gives the same as decode; the
 * guard agrees with `is`; the decoder returns valid values unchanged. A failure names the field.
 */
export const codecLaws = ({ describe, test }: TestRunner, name: string, codec: t.Any): void => {
  const values = arbitraryFor(codec)

  describe(`laws of ${name}`, () => {
    for (const [title, law] of Object.entries(LAWS)) test(title, () => holds(values, law, codec))

    test('the laws ran on valid and invalid values', () => {
      const fits = fc.sample(values, { numRuns: 300, seed: 1 }).filter((u) => codec.is(u)).length
      if (fits < 30 || fits > 297) throw new Error(`${fits} of 300 values fit ${name}`)
    })
  })
}

const TRANSFORMS_NOTHING: Law = (codec) => (u) => {
  const decoded = codec.decode(u)
  return E.isLeft(decoded) || decoded.right === u
}

/** As `codecLaws`, with the law of wire codecs: the decoded value is the input itself. */
export const wireCodecLaws = (runner: TestRunner, name: string, codec: t.Any): void => {
  codecLaws(runner, name, codec)
  runner.test(`${name} transforms nothing`, () => holds(arbitraryFor(codec), TRANSFORMS_NOTHING, codec))
}
