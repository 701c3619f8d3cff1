import { describe, expect, it } from '@jest/globals'
import { Instant } from '@imago/codec'
import { FIELD_NAMES, FIELDS, Image } from '@imago/core'
import addFormats from 'ajv-formats'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { schemas } from '../src/index.ts'
import { anyJson, mutatedImage, nearInstant, validImage, type Mutation } from './arbitraries.ts'
import { findFaults, getValidator, validatorOfPart } from './validators.ts'
import { limitRuns } from '../../../tools/jest/tier.cjs'

const isValid = getValidator('image')
const isInstant = validatorOfPart('image', 'instant')

/** Counts cases by name, to check that a property has tried each. */
const counter = <K extends string>(): { readonly count: (key: K) => void; readonly of: (key: K) => number } => {
  const counts = new Map<K, number>()
  return { count: (key) => counts.set(key, (counts.get(key) ?? 0) + 1), of: (key) => counts.get(key) ?? 0 }
}

/** The values of all closed lists in the schema and in core's field table. Each is tried in every field, so that neither accepts more. */
const everyWord = [
  ...[...JSON.stringify(schemas.image).matchAll(/"enum":(\[.*?\])/g)].flatMap(
    ([, list = '[]']) => JSON.parse(list) as (string | null)[],
  ),
  ...FIELD_NAMES.flatMap((name) => FIELDS[name].type.split(', ')),
]

/** The keys of an image that contain several fields. */
const GROUPS = [
  ...new Set(FIELD_NAMES.flatMap((field) => (field.includes('.') ? [field.slice(0, field.indexOf('.'))] : []))),
]

const ownKeys = (value: unknown): readonly string[] => Object.keys(value as object)

describe('the schema of an image and core’s codec agree', () => {
  it('on every image', () => {
    const seen = counter<'__proto__' | 'constructor' | 'lone surrogate' | 'no label'>()
    fc.assert(
      fc.property(validImage, (image) => {
        expect(findFaults('image', image)).toEqual([])
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
      expect({ key, isSeen: seen.of(key) > 0 }).toEqual({ key, isSeen: true })
  })

  it('on images with one change', () => {
    const seen = counter<`${Mutation} ${'accepted' | 'rejected'}`>()
    fc.assert(
      fc.property(mutatedImage, ({ image, mutation, path }) => {
        const accepted = isValid(image)
        expect({ accepted, errors: isValid.errors }).toEqual({ accepted: Image.is(image), errors: isValid.errors })
        // io-ts decodes a missing `raw`, whose codec is t.unknown, as undefined. `is` and the schema require it.
        if (mutation !== 'drop' || path !== '/raw') expect(E.isRight(Image.decode(image))).toBe(accepted)
        seen.count(`${mutation} ${accepted ? 'accepted' : 'rejected'}`)
      }),
      { numRuns: 2500 },
    )
    const some = limitRuns(2500) / 250
    for (const mutation of ['drop', 'any value', 'size', 'instant', 'word', 'extra key'] as const) {
      expect({ mutation, isAccepted: seen.of(`${mutation} accepted`) > some }).toEqual({ mutation, isAccepted: true })
      expect({ mutation, isRejected: seen.of(`${mutation} rejected`) > some }).toEqual({ mutation, isRejected: true })
    }
  })

  it('on any JSON value', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        expect(isValid(value)).toBe(Image.is(value))
      }),
      { numRuns: 1000 },
    )
  })

  it('on an image with any part replaced by any kind of value', () => {
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

  it('the patterns agree with the codec, and accept only RFC 3339', () => {
    const seen = counter<'accepted' | 'rejected'>()
    fc.assert(
      fc.property(nearInstant, (text) => {
        const accepted = isInstant(text)
        expect({ text, accepted }).toEqual({ text, accepted: Instant.is(text) })
        if (accepted) expect({ text, isDateTime: dateTime(text) }).toEqual({ text, isDateTime: true })
        seen.count(accepted ? 'accepted' : 'rejected')
      }),
      { numRuns: 4000 },
    )
    const many = limitRuns(4000) / 8
    expect(seen.of('accepted')).toBeGreaterThan(many)
    expect(seen.of('rejected')).toBeGreaterThan(many)
  })

  it('the patterns and the codec accept exactly the days of 400 years', () => {
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

  it('the patterns and the codec agree on 29 February of every year', () => {
    const disagreements = Array.from(
      { length: 10_000 },
      (_, year) => `${String(year).padStart(4, '0')}-02-29T12:00:00Z`,
    ).filter((text) => isInstant(text) !== Instant.is(text))
    expect(disagreements).toEqual([])
  })
})

describe('keys that only the schema defines', () => {
  const [image] = fc.sample(validImage, { numRuns: 1, seed: 2 })

  it.each([
    ['none', {}, true],
    [
      'evidence and $schema',
      { $schema: 'urn:imago:schema:image:1', evidence: { name: 'declared', 'os.distro': 'inferred' } },
      true,
    ],
    ['evidence of a field of a later version', { evidence: { later: 'assumed' } }, true],
    ['an unknown value of evidence', { evidence: { name: 'guessed' } }, false],
    ['evidence that is a list', { evidence: ['declared'] }, false],
    ['a $schema that is not a string', { $schema: 1 }, false],
    ['usage', { usage: { state: 'unused', usedBy: [], createdFrom: [] } }, true],
    ['remaining resources', { remaining: [{ kind: 'volume-snapshot', id: 'f0' }] }, true],
    ['a remaining resource without an ID', { remaining: [{ kind: 'volume-snapshot' }] }, false],
    ['usage without a state', { usage: { usedBy: [] } }, false],
    ['a cost', { monthlyCost: { amount: { net: '0.06', gross: null }, currency: 'EUR', reason: null } }, true],
    ['a cost that is a number', { monthlyCost: 0.06 }, false],
  ])('%s', (_, more, valid) => {
    expect(isValid({ ...image, ...more })).toBe(valid)
  })

  it('every field that a mapping fills has a description, and no other key except raw and those of ref', () => {
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
      [
        ...FIELD_NAMES,
        '$schema',
        'evidence',
        'raw',
        'ref.cloud',
        'ref.provider',
        'ref.region',
        'remaining',
        ...['state', 'usedBy', 'reasons', 'createdFrom'].map((name) => `usage.${name}`),
        ...['amount', 'currency', 'reason'].map((name) => `monthlyCost.${name}`),
      ].toSorted(),
    )
    expect(fields.filter(([, node]) => (node.description ?? '').length < 10).map(([name]) => name)).toEqual([])
  })
})
