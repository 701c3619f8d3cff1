import { describe, expect, it } from '@jest/globals'
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
  it.each([
    ['renames keys', { ID: 'a', 'Disk Format': 'raw', other: 1 }, { id: 'a', disk_format: 'raw', other: 1 }],
    [
      'lifts the entries of an object',
      { properties: { os: 'debian', size: '5' }, name: 'n' },
      { os: 'debian', size: 5, name: 'n' },
    ],
    ['lifts objects only', { properties: 'a text' }, { properties: 'a text' }],
    ['lifts once', { properties: { properties: 'x' } }, { properties: 'x' }],
    ['does not rename lifted keys', { properties: { ID: 'x' } }, { ID: 'x' }],
    ['respells values by wire key and omits undefined', { ID: null, size: '7' }, { size: 7 }],
    ['omits the client’s own keys', { location: { cloud: 'x' }, name: 'n' }, { name: 'n' }],
    ['keeps a property with the name of a client’s own key', { properties: { location: 'x' } }, { location: 'x' }],
    ['prefers the record’s own keys to lifted ones', { name: 'own', properties: { name: 'lifted' } }, { name: 'own' }],
    ['prefers them in any order', { properties: { name: 'lifted' }, name: 'own' }, { name: 'own' }],
  ])('%s', (_, record, wire) => expect(translate(TRANSLATION, record)).toEqual(wire))

  it('treats __proto__ as an ordinary key', () => {
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

  it('does not change the record', () => {
    const record = { ID: 'a', properties: { size: '5' } }
    translate(TRANSLATION, record)
    expect(record).toEqual({ ID: 'a', properties: { size: '5' } })
  })
})

describe('findSource', () => {
  const record = {
    ID: 'a',
    properties: { 'a/b~c': 'x', disk_format: 'lifted', location: 'in' },
    'Disk Format': 'raw',
    location: 'own',
  }

  it.each([
    ['a renamed key', 'id', { pointer: '/ID', value: 'a' }],
    ['the record’s own key if it is also lifted', 'disk_format', { pointer: '/Disk Format', value: 'raw' }],
    ['a lifted key', 'a/b~c', { pointer: '/properties/a~1b~0c', value: 'x' }],
    ['a lifted key with the name of a client’s own key', 'location', { pointer: '/properties/location', value: 'in' }],
    ['null for an absent key', 'size', null],
    ['null for the key of a lifted object', 'properties', null],
    ['null for an inherited key', 'toString', null],
  ])('returns %s', (_, key, expected) => expect(findSource(TRANSLATION, record, key)).toEqual(expected))

  it('finds the record’s own keys without a translation', () => {
    expect(findSource(undefined, { 'a/b': 1 }, 'a/b')).toEqual({ pointer: '/a~1b', value: 1 })
    expect(findSource(undefined, {}, 'constructor')).toBeNull()
    expect(findSource(undefined, parse('{"__proto__":5}'), '__proto__')).toEqual({ pointer: '/__proto__', value: 5 })
  })
})

describe('dialects', () => {
  it.each([
    ['/id', '/ID'],
    ['/disk_format', '/Disk Format'],
    ['/tags/3', '/tags/3'],
    ['/a~1b/0', '/properties/a~1b/0'],
    // A key that is not in the record keeps its name.
    ['/size', '/size'],
    ['', ''],
  ])('toRecordPointer converts %p to %p', (pointer, expected) => {
    expect(
      toRecordPointer(TRANSLATION, { ID: 'a', 'Disk Format': 1, tags: [], properties: { 'a/b': [] } }, pointer),
    ).toBe(expected)
    expect(toRecordPointer(undefined, {}, pointer)).toBe(pointer)
  })

  it('isJsonObject accepts only objects', () => {
    expect(isJsonObject({})).toBe(true)
    for (const u of [[], null, 'a', 1, undefined]) expect(isJsonObject(u)).toBe(false)
  })

  // openstacksdk prints `owner` and `owner_id`: one wire field under two names.
  const TWO_NAMES: Translation = {
    rename: new Map([['owner_id', 'owner']]),
    lift: new Set(['properties']),
    respell: (_, value) => (value === null ? undefined : value),
  }

  describe('findSource with two names of one key', () => {
    it.each([
      ['the last of two values', { owner: 'a', owner_id: 'b' }],
      ['the first value if the last one is null', { owner: 'a', owner_id: null }],
      ['the last value if the first one is null', { owner: null, owner_id: 'b' }],
      ['a lifted value if the record’s own is null', { owner: null, properties: { owner: 'c' } }],
    ])('finds the value that translate uses: %s', (_, record) => {
      expect(findSource(TWO_NAMES, record, 'owner')?.value).toBe(translate(TWO_NAMES, record)['owner'])
    })
  })
})
