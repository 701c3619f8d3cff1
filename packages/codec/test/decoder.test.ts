import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import {
  Count,
  DateText,
  toDecoder,
  formatIssue,
  Notes,
  nullable,
  openEnum,
  withRest,
  type Note,
} from '../src/index.ts'

const Server = t.intersection(
  [t.type({ id: Count }), t.partial({ name: nullable(t.string), created: nullable(DateText) })],
  'Server',
)
const Image = t.intersection(
  [
    t.type({ id: Count }),
    t.partial({
      name: nullable(t.string),
      status: openEnum('Status', ['available']),
      size: nullable(Count),
      server: nullable(Server),
      labels: nullable(t.record(t.string, t.string)),
      tags: t.array(t.string),
    }),
  ],
  'Image',
)

const read = (
  codec: t.Mixed,
  json: string,
): { readonly value: unknown; readonly issues: readonly string[]; readonly notes: readonly Note[] } => {
  const notes = new Notes()
  const decoded = toDecoder(codec)(JSON.parse(json), notes)
  expect(notes.pointer()).toBe('')
  return E.isRight(decoded)
    ? { value: decoded.right, issues: [], notes: notes.list }
    : { value: null, issues: decoded.left.map(formatIssue), notes: notes.list }
}

describe('toDecoder, for a record that fits', () => {
  it('returns the same object', () => {
    const image = { id: 1, status: 'new', more: {} }
    const notes = new Notes()
    expect((toDecoder(Image)(image, notes) as E.Right<unknown>).right).toBe(image)
    expect(notes.list).toEqual([
      { kind: 'unknown-word', pointer: '/status', word: 'new' },
      { kind: 'unknown-key', pointer: '/more', got: 'object' },
    ])
  })
})

describe('toDecoder, for an optional field of a wrong type', () => {
  it('drops the field and notes its pointer', () => {
    expect(read(Image, '{"id":1,"name":5,"size":9007199254740992,"tags":"a","status":"available"}')).toEqual({
      value: { id: 1, status: 'available' },
      issues: [],
      notes: [
        { kind: 'wrong-type', pointer: '/name', expected: 'string or null', got: 'number' },
        { kind: 'wrong-type', pointer: '/size', expected: 'integer from 0 to 2^53-1 or null', got: 'number' },
        { kind: 'wrong-type', pointer: '/tags', expected: 'Array<string>', got: 'string' },
      ],
    })
  })

  it('notes the pointer of the wrong value inside the field', () => {
    const { value, notes } = read(Image, '{"id":1,"labels":{"a":"b","c/d":null},"tags":["a",1]}')
    expect(value).toEqual({ id: 1 })
    expect(notes).toEqual([
      { kind: 'wrong-type', pointer: '/labels/c~1d', expected: 'string', got: 'null' },
      { kind: 'wrong-type', pointer: '/tags/1', expected: 'string', got: 'number' },
    ])
  })

  it('drops only that field of a nested record', () => {
    expect(read(Image, '{"id":1,"server":{"id":2,"name":"a","created":"yesterday","more":1}}')).toEqual({
      value: { id: 1, server: { id: 2, name: 'a', more: 1 } },
      issues: [],
      notes: [
        { kind: 'wrong-type', pointer: '/server/created', expected: 'date-time or null', got: 'string' },
        { kind: 'unknown-key', pointer: '/server/more', got: 'number' },
      ],
    })
  })

  it('drops the nested record when it lacks a required field', () => {
    expect(read(Image, '{"id":1,"server":{"name":5,"more":1},"name":"a"}')).toEqual({
      value: { id: 1, name: 'a' },
      issues: [],
      notes: [{ kind: 'wrong-type', pointer: '/server/id', expected: 'integer from 0 to 2^53-1', got: 'nothing' }],
    })
  })

  it('drops only that field of a required record', () => {
    const Envelope = t.type({ image: Image }, 'Envelope')
    expect(read(Envelope, '{"image":{"id":1,"name":5}}')).toEqual({
      value: { image: { id: 1 } },
      issues: [],
      notes: [{ kind: 'wrong-type', pointer: '/image/name', expected: 'string or null', got: 'number' }],
    })
  })
})

describe('toDecoder, for a record that does not fit', () => {
  it.each([
    ['{}', ['/id: expected integer from 0 to 2^53-1, got nothing']],
    ['{"id":null,"name":5}', ['/id: expected integer from 0 to 2^53-1, got null']],
    ['{"ID":1}', ['/id: expected integer from 0 to 2^53-1, got nothing']],
    ['{"__proto__":{"id":1}}', ['/id: expected integer from 0 to 2^53-1, got nothing']],
  ])('reports the required field that %s lacks', (json, issues) => {
    expect(read(Image, json)).toEqual({ value: null, issues, notes: [] })
  })

  it.each([
    ['null', 'null'],
    ['[]', 'array'],
    ['"id"', 'string'],
    ['1', 'number'],
  ])('refuses %s, which is not an object', (json, got) => {
    const { value, issues, notes } = read(Image, json)
    expect(value).toBeNull()
    expect(notes).toEqual([])
    expect(issues).toEqual([`(whole record): expected Image, got ${got}`])
  })

  it('reports an issue even if io-ts reports none', () => {
    expect(read(t.type({ a: t.unknown }, 'Anything'), '{}').issues).toEqual(['/a: expected unknown, got nothing'])
    expect(read(t.tuple([t.string], 'One'), '["a","b"]').issues).toEqual(['(whole record): expected One, got array'])
  })
})

describe('toDecoder, for keys that every object inherits', () => {
  it('keeps them as own keys when a field is dropped', () => {
    const { value, notes } = read(
      Image,
      '{"id":1,"name":5,"__proto__":{"size":7},"constructor":"c","hasOwnProperty":1}',
    )
    expect(JSON.stringify(value)).toBe('{"id":1,"__proto__":{"size":7},"constructor":"c","hasOwnProperty":1}')
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect((value as Record<string, unknown>)['size']).toBeUndefined()
    expect(notes.map((note) => note.pointer)).toEqual(['/name', '/__proto__', '/constructor', '/hasOwnProperty'])
  })
})

describe('toDecoder, for a codec with a rest', () => {
  const Property = withRest(
    t.intersection([t.type({ id: t.string }), t.partial({ size: nullable(Count) })]),
    nullable(t.string),
    'Glance',
  )

  it('drops the keys that do not fit, known or not, and keeps the others', () => {
    const { value, notes } = read(
      Property,
      '{"id":"a","size":"big","os_distro":"debian","hw_cpus":4,"kernel_id":null,"__proto__":"x","constructor":{}}',
    )
    expect(JSON.stringify(value)).toBe('{"id":"a","os_distro":"debian","kernel_id":null,"__proto__":"x"}')
    expect(notes).toEqual([
      { kind: 'wrong-type', pointer: '/size', expected: 'integer from 0 to 2^53-1 or null', got: 'string' },
      { kind: 'wrong-type', pointer: '/hw_cpus', expected: 'string or null', got: 'number' },
      { kind: 'wrong-type', pointer: '/constructor', expected: 'string or null', got: 'object' },
    ])
  })
})
