import { describe, expect, test } from '@jest/globals'
import { Instant } from '@imago/codec'
import { FIELD_NAMES, FIELDS, Image } from '@imago/core'
import addFormats from 'ajv-formats'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { schemas } from '../src/index.ts'
import { anyJson, mutatedImage, nearInstant, validImage, type Mutation } from './arbitraries.ts'
import { faultsOf, validatorOf, validatorOfPart } from './validators.ts'
import { runsOf } from '../../../tools/jest/tier.cjs'

const isValid = validatorOf('image')
const isInstant = validatorOfPart('image', 'instant')

/** Counts cases by what they are called: a property that never saw a case says nothing of it. */
const counter = <K extends string>(): { readonly count: (key: K) => void; readonly of: (key: K) => number } => {
  const counts = new Map<K, number>()
  return { count: (key) => counts.set(key, (counts.get(key) ?? 0) + 1), of: (key) => counts.get(key) ?? 0 }
}

/** Every word of any closed list, as the schema states it and as core's field reference does: each is tried everywhere, so that neither has one more. */
const everyWord = [
  ...[...JSON.stringify(schemas.image).matchAll(/"enum":(\[.*?\])/g)].flatMap(
    ([, list = '[]']) => JSON.parse(list) as (string | null)[],
  ),
  ...FIELD_NAMES.flatMap((name) => FIELDS[name].type.split(', ')),
]

/** The keys of an image that hold several fields. */
const GROUPS = [
  ...new Set(FIELD_NAMES.flatMap((field) => (field.includes('.') ? [field.slice(0, field.indexOf('.'))] : []))),
]

const ownKeys = (value: unknown): readonly string[] => Object.keys(value as object)

describe('the schema of an image and core’s codec say the same', () => {
  test('of every image', () => {
    const seen = counter<'__proto__' | 'constructor' | 'lone surrogate' | 'no label'>()
    fc.assert(
      fc.property(validImage, (image) => {
        expect(faultsOf('image', image)).toEqual([])
        expect(Image.is(image)).toBe(true)
        const labels = ownKeys(image['labels'])
        if (labels.includes('__proto__')) seen.count('__proto__')
        if (labels.includes('constructor')) seen.count('constructor')
        if (labels.length === 0) seen.count('no label')
        if (/\\ud[89a-f]/.test(JSON.stringify(image))) seen.count('lone surrogate')
      }),
      { numRuns: 500 },
    )
    for (const key of ['__proto__', 'constructor', 'lone surrogate', 'no label'] as const)
      expect([key, seen.of(key) > 0]).toEqual([key, true])
  })

  test('of images in which one thing was changed', () => {
    const seen = counter<`${Mutation} ${'accepted' | 'rejected'}`>()
    fc.assert(
      fc.property(mutatedImage, ({ image, mutation, path }) => {
        const accepted = isValid(image)
        expect([accepted, isValid.errors ?? []]).toEqual([Image.is(image), isValid.errors ?? []])
        // io-ts decodes a missing key whose codec is t.unknown: `raw` becomes undefined. `is` and the schema want it.
        if (mutation !== 'drop' || path !== '/raw') expect(E.isRight(Image.decode(image))).toBe(accepted)
        seen.count(`${mutation} ${accepted ? 'accepted' : 'rejected'}`)
      }),
      { numRuns: 2500 },
    )
    const some = runsOf(2500) / 250
    for (const mutation of ['drop', 'any value', 'size', 'instant', 'word', 'extra key'] as const) {
      expect([mutation, seen.of(`${mutation} accepted`) > some, seen.of(`${mutation} rejected`) > some]).toEqual([
        mutation,
        true,
        true,
      ])
    }
  })

  test('of any JSON value', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        expect(isValid(value)).toBe(Image.is(value))
      }),
      { numRuns: 1000 },
    )
  })

  test('of an image of which any part was replaced by any kind of value', () => {
    const full = validImage.filter(({ digests, origins }) => ownKeys(digests).length > 0 && ownKeys(origins).length > 0)
    const [image = {}] = fc.sample(full, { numRuns: 1, seed: 1 })
    const pointers = [
      ...ownKeys(image).map((key) => [key]),
      ...GROUPS.flatMap((key) => ownKeys(image[key]).map((inner) => [key, inner])),
    ]
    const lists = (['digests', 'origins'] as const).flatMap((list) =>
      ownKeys((image[list] as unknown[])[0]).map((inner) => [list, '0', inner]),
    )
    const values = [
      null,
      true,
      false,
      0,
      -1,
      1.5,
      2 ** 53,
      '',
      'unknown',
      '2024-02-30T00:00:00Z',
      '2024-02-29T00:00:00Z',
      [],
      [null],
      [''],
      [{}],
      {},
      { a: null },
      { a: '' },
      { a: 1 },
      ...new Set(everyWord),
    ]
    const disagreements: unknown[] = []
    for (const path of [...pointers, ...lists]) {
      for (const value of values) {
        const copy = structuredClone(image) as Record<string, unknown>
        let holder = copy
        for (const step of path.slice(0, -1)) holder = holder[step] as Record<string, unknown>
        holder[path.at(-1) ?? ''] = value
        if (isValid(copy) !== Image.is(copy)) disagreements.push([path, value])
      }
    }
    expect(disagreements).toEqual([])
    expect(everyWord.length).toBeGreaterThan(50)
    expect(pointers.length + lists.length).toBeGreaterThan(50)
  })
})

describe('instants', () => {
  const dateTime = addFormats.default(new Ajv2020({ strict: true })).compile({ type: 'string', format: 'date-time' })

  test('the patterns say what the codec says, and never accept what is no RFC 3339', () => {
    const seen = counter<'accepted' | 'rejected'>()
    fc.assert(
      fc.property(nearInstant, (text) => {
        const accepted = isInstant(text)
        expect([text, accepted]).toEqual([text, Instant.is(text)])
        if (accepted) expect([text, dateTime(text)]).toEqual([text, true])
        seen.count(accepted ? 'accepted' : 'rejected')
      }),
      { numRuns: 4000 },
    )
    const many = runsOf(4000) / 8
    expect([seen.of('accepted') > many, seen.of('rejected') > many]).toEqual([true, true])
  })

  test('every day of a cycle of 400 years, and days that are in no calendar', () => {
    const two = (number: number): string => String(number).padStart(2, '0')
    const disagreements: string[] = []
    let days = 0
    for (let year = 1900; year < 2300; year++) {
      for (let month = 0; month <= 13; month++) {
        for (let day = 0; day <= 32; day++) {
          const text = `${year}-${two(month)}-${two(day)}T00:00:00Z`
          const date = new Date(Date.UTC(year, month - 1, day))
          const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day
          if (isReal) days++
          if (isInstant(text) !== isReal || Instant.is(text) !== isReal) disagreements.push(text)
        }
      }
    }
    expect(disagreements).toEqual([])
    expect(days).toBe(146_097)
  })

  test('the 29th of February in every year', () => {
    const disagreements = Array.from(
      { length: 10_000 },
      (_, year) => `${String(year).padStart(4, '0')}-02-29T12:00:00Z`,
    ).filter((text) => isInstant(text) !== Instant.is(text))
    expect(disagreements).toEqual([])
  })
})

describe('what the schema adds to the codec', () => {
  const [image] = fc.sample(validImage, { numRuns: 1, seed: 2 })

  test.each([
    ['no evidence, no $schema', {}, true],
    ['both', { $schema: 'urn:imago:schema:image:1', evidence: { name: 'declared', 'os.distro': 'inferred' } }, true],
    ['evidence of a field of a later version', { evidence: { later: 'assumed' } }, true],
    ['an unknown word of evidence', { evidence: { name: 'guessed' } }, false],
    ['evidence that is a list', { evidence: ['declared'] }, false],
    ['a $schema that is no string', { $schema: 1 }, false],
  ])('%s', (_, more, valid) => {
    expect(isValid({ ...image, ...more })).toBe(valid)
  })

  test('a description for every field that a mapping fills, and no others but raw and the rest of ref', () => {
    type Node = {
      readonly description?: string
      readonly properties?: Readonly<Record<string, Node>>
      readonly $ref?: string
    }
    const { properties, $defs } = schemas.image as {
      readonly properties: Readonly<Record<string, Node>>
      readonly $defs?: Readonly<Record<string, Node>>
    }
    const followed = (node: Node): Node => ({
      ...(node.$ref === undefined ? {} : $defs?.[node.$ref.slice('#/$defs/'.length)]),
      ...node,
    })
    const fields = Object.entries(properties).flatMap(([key, node]) => {
      const inner = Object.entries(followed(node).properties ?? {})
      return inner.length === 0
        ? [[key, node] as const]
        : inner.map(([name, child]) => [`${key}.${name}`, child] as const)
    })
    expect(fields.map(([name]) => name).toSorted()).toEqual(
      [...FIELD_NAMES, '$schema', 'evidence', 'raw', 'ref.cloud', 'ref.provider', 'ref.region'].toSorted(),
    )
    expect(fields.filter(([, node]) => (node.description ?? '').length < 10).map(([name]) => name)).toEqual([])
  })
})
