import { describe, expect, it, test } from '@jest/globals'
import { isJsonObject, toRecordPointer, findSource, translate, type Translation } from '../../src/reader/dialect.ts'

const TRANSLATION: Translation = {
  rename: new Map([
    ['ID', 'id'],
    ['Disk Format', 'disk_format'],
  ]),
  lift: new Set(['properties']),
  respell: (key, value) => (value === null ? undefined : key === 'size' ? Number(value) : value),
  own: new Set(['location']),
}

const parse = (text: string): Readonly<Record<string, unknown>> => JSON.parse(text) as Readonly<Record<string, unknown>>

describe('translate', () => {
  test.each([
    ['renames keys', { ID: 'a', 'Disk Format': 'raw', other: 1 }, { id: 'a', disk_format: 'raw', other: 1 }],
    [
      'lifts what stands inside',
      { properties: { os: 'debian', size: '5' }, name: 'n' },
      { os: 'debian', size: 5, name: 'n' },
    ],
    ['lifts objects only', { properties: 'a text' }, { properties: 'a text' }],
    ['lifts once', { properties: { properties: 'x' } }, { properties: 'x' }],
    ['does not rename inside', { properties: { ID: 'x' } }, { ID: 'x' }],
    ['respells by the wire’s key, and drops what is undefined then', { ID: null, size: '7' }, { size: 7 }],
    ['leaves out what is the client’s own', { location: { cloud: 'x' }, name: 'n' }, { name: 'n' }],
    ['keeps a property called like the client’s own', { properties: { location: 'x' } }, { location: 'x' }],
    ['prefers the record’s own keys to lifted ones', { name: 'own', properties: { name: 'lifted' } }, { name: 'own' }],
    ['whatever their order', { properties: { name: 'lifted' }, name: 'own' }, { name: 'own' }],
  ])('%s', (_, record, wire) => expect(translate(TRANSLATION, record)).toEqual(wire))

  test('takes __proto__ for an ordinary key, outside and inside', () => {
    const record = parse('{"__proto__":{"a":1},"properties":{"__proto__":"p","constructor":"c"}}')
    expect(
      Object.entries(
        translate({ lift: new Set(['properties']) }, parse('{"properties":{"__proto__":"p","constructor":"c"}}')),
      ),
    ).toEqual([
      ['__proto__', 'p'],
      ['constructor', 'c'],
    ])
    expect(Object.entries(translate(TRANSLATION, record))).toEqual([
      ['__proto__', { a: 1 }],
      ['constructor', 'c'],
    ])
  })

  test('leaves the record as it came', () => {
    const record = { ID: 'a', properties: { size: '5' } }
    translate(TRANSLATION, record)
    expect(record).toEqual({ ID: 'a', properties: { size: '5' } })
  })
})

describe('sourceOf', () => {
  const record = {
    ID: 'a',
    properties: { 'a/b~c': 'x', disk_format: 'lifted', location: 'in' },
    'Disk Format': 'raw',
    location: 'own',
  }

  test.each([
    ['a renamed key', 'id', { pointer: '/ID', value: 'a' }],
    ['a key that is there twice: the record’s own', 'disk_format', { pointer: '/Disk Format', value: 'raw' }],
    ['a lifted key', 'a/b~c', { pointer: '/properties/a~1b~0c', value: 'x' }],
    ['a lifted key that is also the client’s own', 'location', { pointer: '/properties/location', value: 'in' }],
    ['a key that is not there', 'size', null],
    ['the key of what is lifted', 'properties', null],
    ['what every object inherits', 'toString', null],
  ])('finds %s', (_, key, expected) => expect(findSource(TRANSLATION, record, key)).toEqual(expected))

  test('looks among the record’s own keys where nothing is translated', () => {
    expect(findSource(undefined, { 'a/b': 1 }, 'a/b')).toEqual({ pointer: '/a~1b', value: 1 })
    expect(findSource(undefined, {}, 'constructor')).toBeNull()
    expect(findSource(undefined, parse('{"__proto__":5}'), '__proto__')).toEqual({ pointer: '/__proto__', value: 5 })
  })
})

test.each([
  ['/id', '/ID'],
  ['/disk_format', '/Disk Format'],
  ['/tags/3', '/tags/3'],
  ['/a~1b/0', '/properties/a~1b/0'],
  // What is not in the record has no other name there.
  ['/size', '/size'],
  ['', ''],
])('toRecordPointer(%p) is %p', (pointer, expected) => {
  expect(
    toRecordPointer(TRANSLATION, { ID: 'a', 'Disk Format': 1, tags: [], properties: { 'a/b': [] } }, pointer),
  ).toBe(expected)
  expect(toRecordPointer(undefined, {}, pointer)).toBe(pointer)
})

test('a JSON object is one that is no array and not null', () => {
  expect([{}, [], null, 'a', 1, undefined].map(isJsonObject)).toEqual([true, false, false, false, false, false])
})

// openstacksdk prints `owner` and `owner_id`: one wire field under two names.
const TWO_NAMES: Translation = {
  rename: new Map([['owner_id', 'owner']]),
  lift: new Set(['properties']),
  respell: (_, value) => (value === null ? undefined : value),
}

describe('findSource', () => {
  it.each([
    ['the last of two values', { owner: 'a', owner_id: 'b' }],
    ['the first value if the last one is null', { owner: 'a', owner_id: null }],
    ['the last value if the first one is null', { owner: null, owner_id: 'b' }],
    ['a lifted value if the record’s own is null', { owner: null, properties: { owner: 'c' } }],
  ])('finds the value that translate uses: %s', (_, record) => {
    expect(findSource(TWO_NAMES, record, 'owner')?.value).toBe(translate(TWO_NAMES, record)['owner'])
  })
})
