import { describe, expect, it } from '@jest/globals'
import { toStores, toTags } from '../../src/map-image/lists.ts'

describe('mapping of Glance images: lists', () => {
  it.each([
    ['fast', ['fast']],
    ['fast,slow', ['fast', 'slow']],
    ['slow, fast', ['slow', 'fast']],
    [' fast , , slow', ['fast', 'slow']],
    [' fast ', ['fast']],
    ['', []],
    [' ', []],
    [
      ['fast', ' slow ', ''],
      ['fast', 'slow'],
    ],
    [[], []],
    [null, null],
    [undefined, undefined],
  ])('toStores(%j) returns %j', (stores, expected) => expect(toStores(stores)).toEqual(expected))

  it('sorts tags by code unit and keeps the order in the record', () => {
    const tags = ['b', 'a', 'B', 'größe', '雲', 'a']
    expect(toTags(tags)).toEqual(['B', 'a', 'a', 'b', 'größe', '雲'])
    expect(tags).toEqual(['b', 'a', 'B', 'größe', '雲', 'a'])
    expect(toTags([])).toEqual([])
    expect(toTags(['x'])).toEqual(['x'])
    expect(toTags(null)).toBeNull()
    expect(toTags(undefined)).toBeUndefined()
  })
})
