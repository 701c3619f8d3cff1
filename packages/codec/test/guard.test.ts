import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import * as t from 'io-ts'
import { codecLaws } from '../../testkit/src/codec-laws.ts'
import {
  Amount,
  Count,
  DateText,
  toGuard,
  Instant,
  Notes,
  nullable,
  openEnum,
  withRest,
  type Note,
} from '../src/index.ts'

const Status = openEnum('Status', ['active', 'queued'])
const Inner = t.intersection([t.type({ id: Count }), t.partial({ name: nullable(t.string), status: Status })], 'Inner')
const wide = Object.fromEntries(
  Array.from({ length: 100 }, (_, index) => [`key${index}`, index % 2 === 0 ? nullable(t.string) : Status]),
)
const Positive = t.brand(t.number, (n): n is t.Branded<number, { readonly Positive: symbol }> => n > 0, 'Positive')

const assorted: Readonly<Record<string, t.Mixed>> = {
  string: t.string,
  number: t.number,
  boolean: t.boolean,
  literal: t.literal('a'),
  Count,
  Amount,
  DateText,
  Instant,
  Status,
  'string or null': nullable(t.string),
  'word or null': nullable(Status),
  'object or null': nullable(Inner),
  'one of three': t.union([t.number, t.array(Status), Inner]),
  'string or list': t.union([t.string, t.array(t.string)]),
  tagged: t.union([t.type({ kind: t.literal('a'), of: Status }), t.type({ kind: t.literal('b'), of: t.number })]),
  'list of numbers': t.array(t.number),
  'readonly list': t.readonlyArray(Inner),
  'list of lists': t.array(t.array(nullable(Status))),
  'any list': t.UnknownArray,
  'any object': t.UnknownRecord,
  dictionary: t.record(t.string, t.string),
  'dictionary of objects': t.record(t.string, Inner),
  'dictionary of anything': t.record(t.string, t.any),
  'dictionary of stated keys': t.record(t.keyof({ a: null, b: null }), t.string),
  'dictionary of some keys': t.record(
    t.refinement(t.string, (key) => key.startsWith('a')),
    t.number,
  ),
  type: t.type({ a: t.string, b: nullable(t.number), c: t.boolean }),
  'required anything': t.type({ a: t.unknown }),
  partial: t.partial({ a: t.string, b: Inner, c: t.unknown }),
  'partial of undefined': t.partial({ a: t.union([t.string, t.undefined]) }),
  intersection: Inner,
  'nested intersections': t.intersection([
    t.intersection([t.type({ a: t.string }), t.partial({ b: t.number })]),
    t.partial({ c: t.array(Inner) }),
  ]),
  'intersection with a refinement': t.intersection([
    t.partial({ id: t.number }),
    t.refinement(t.UnknownRecord, (u) => u['id'] !== 3),
  ]),
  exact: t.exact(Inner),
  strict: t.strict({ a: Status }),
  readonly: t.readonly(t.type({ a: Status })),
  'readonly list of numbers': t.readonly(t.array(t.number)),
  keyof: t.keyof({ a: null, b: null }),
  tuple: t.tuple([t.string, Status]),
  brand: Positive,
  nested: t.type({
    page: t.type({
      items: t.array(t.intersection([Inner, t.partial({ parts: t.record(t.string, nullable(Inner)) })])),
    }),
  }),
  'more keys than are remembered': t.partial(wide),
  'rest of strings': withRest(Inner, nullable(t.string), 'RestOfStrings'),
  'rest of words': withRest(t.partial({ a: t.number }), Status, 'RestOfWords'),
  'rest of objects': withRest(t.type({ a: t.number }), t.record(t.string, Inner), 'RestOfObjects'),
  'rest inside an intersection': t.intersection([
    withRest(t.partial({ a: t.number }), t.number, 'RestOfNumbers'),
    t.partial({ b: t.number }),
  ]),
  'rest of a rest': withRest(withRest(t.partial({ a: t.number }), t.number, 'RestOfNumbers'), t.unknown, 'RestOfRest'),
}

for (const [name, codec] of Object.entries(assorted)) codecLaws({ describe, test: it }, name, codec)

const notesOn = (codec: t.Any, u: unknown): readonly Note[] => {
  const notes = new Notes()
  toGuard(codec)(u, notes)
  return notes.list
}

describe('toGuard', () => {
  const Page = t.type({ items: t.array(Inner) })

  it('notes unknown words and unknown keys with their pointers', () => {
    const page = JSON.parse('{"items":[{"id":1},{"id":2,"status":"melting","x":[],"__proto__":null}],"more":1}')
    expect(notesOn(Page, page)).toEqual([
      { kind: 'unknown-word', pointer: '/items/1/status', word: 'melting' },
      { kind: 'unknown-key', pointer: '/items/1/x', got: 'array' },
      { kind: 'unknown-key', pointer: '/items/1/__proto__', got: 'null' },
      { kind: 'unknown-key', pointer: '/more', got: 'number' },
    ])
  })

  it('notes nothing when the value does not fit', () => {
    expect(notesOn(Page, { items: [{ id: 1, status: 'melting', x: 1 }, { id: '2' }] })).toEqual([])
  })

  it('notes nothing of a union branch that does not fit', () => {
    const Either = t.union([t.type({ a: Status, b: t.string }), t.type({ a: Status, b: t.number })])
    expect(notesOn(Either, { a: 'melting', b: 1 })).toEqual([{ kind: 'unknown-word', pointer: '/a', word: 'melting' }])
  })

  it('notes unknown words in dictionaries and rests, but no unknown keys', () => {
    expect(notesOn(t.record(t.string, Status), { 'a/b': 'melting' })).toEqual([
      { kind: 'unknown-word', pointer: '/a~1b', word: 'melting' },
    ])
    expect(notesOn(withRest(t.partial({ a: t.number }), Status, 'RestOfWords'), { a: 1, b: 'melting' })).toEqual([
      { kind: 'unknown-word', pointer: '/b', word: 'melting' },
    ])
  })

  it('notes the same whatever records came before', () => {
    const Record = t.partial({ a: Status, b: Status, c: t.number })
    const records = [
      { a: 'x', b: 'y', c: 1 },
      { c: 1, b: 'y', a: 'x' },
      { z: 1, a: 'x' },
      { a: 'x', z: 1 },
      { b: 'y' },
      {},
      { c: 1 },
    ]
    const fresh = (): t.Any => t.partial({ a: Status, b: Status, c: t.number })
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...records)), (series) => {
        for (const record of series) expect(notesOn(Record, record)).toEqual(notesOn(fresh(), record))
      }),
    )
  })

  it('reads keys beyond the size of its tree', () => {
    const Wide = t.partial(wide)
    const record = Object.fromEntries(
      Object.keys(wide).map((key, index) => [key, index % 2 === 0 ? null : index === 99 ? 'melting' : 'active']),
    )
    expect(notesOn(Wide, record)).toEqual([{ kind: 'unknown-word', pointer: '/key99', word: 'melting' }])
    expect(toGuard(Wide)({ ...record, key98: 5 }, new Notes())).toBe(false)
    expect(notesOn(Wide, { ...record, key100: 5 })).toContainEqual({
      kind: 'unknown-key',
      pointer: '/key100',
      got: 'number',
    })
  })
})

describe('toGuard, called twice', () => {
  it('returns the same guard', () => expect(toGuard(Inner)).toBe(toGuard(Inner)))
})
