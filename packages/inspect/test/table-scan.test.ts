import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { ascending, createTableScan, type Tables } from '../src/table-scan.ts'

const tables = (starts: readonly number[], length = 32, width: 4 | 8 = 4): Tables => ({ name: 'a', starts: () => Float64Array.from(starts), length, width, reach: (view, at, entry, start) => (view.getUint8(at) === 0 ? 0 : start + entry * width + 1) })
const bytes = Uint8Array.from({ length: 1000 }, (_, index) => index % 3)

test('the farthest entry that leads anywhere counts', () => {
  const scan = createTableScan(tables([100, 500]), 1000)
  scan.feed(bytes, 0)
  expect(scan.result()).toEqual({ reach: 500 + 24 + 1, isWhole: true })
  expect(scan.end).toBe(532)
})

test('however the bytes are cut, and whatever the width', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 20 }), { maxLength: 6 }), fc.constantFrom<4 | 8>(4, 8), fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }), (places, width, lengths) => {
      const asked = tables([...ascending(places.map((place) => place * 41))], 40, width)
      const [whole, cut] = [createTableScan(asked, 1000), createTableScan(asked, 1000)]
      whole.feed(bytes, 0)
      for (let at = 0, turn = 0; at < bytes.length; turn++) {
        const length = lengths[turn % lengths.length] ?? 1
        cut.feed(bytes.subarray(at, at + length), at)
        at += length
      }
      expect(cut.result()).toEqual(whole.result())
    }),
  )
})

describe('it is not whole', () => {
  test.each<readonly [string, readonly number[], number]>([
    ['where a table has passed', [10, 500], 100],
    ['where one has begun to pass', [90, 500], 100],
    ['where one is still to come', [100, 990], 0],
    ['where two are in one place', [100, 110], 0],
  ])('%s', (_, starts, from) => {
    const scan = createTableScan(tables(starts), 1000)
    scan.feed(bytes.subarray(from), from)
    expect(scan.result().isWhole).toBe(false)
  })

  test('where there are more tables than may be held', () => {
    const scan = createTableScan(tables([100, 200, 300]), 16)
    scan.feed(bytes, 0)
    expect(scan.result()).toEqual({ reach: 0, isWhole: false })
    expect(scan.held).toBe(0)
  })
})

test('places are in order, each once, and none is nowhere', () => expect([...ascending([5, 0, 3, 5, 2 ** 60, 1])]).toEqual([1, 3, 5]))
