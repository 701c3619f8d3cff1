import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createTableScan, sortOffsets, type TableGroup } from '../src/table-scan.ts'

const tables = (starts: readonly number[], length = 32, width: 4 | 8 = 4): TableGroup => ({
  name: 'a',
  starts: () => Float64Array.from(starts),
  length,
  width,
  entryEnd: (view, at, entry, start) => (view.getUint8(at) === 0 ? 0 : start + entry * width + 1),
})
const bytes = Uint8Array.from({ length: 1000 }, (_, index) => index % 3)

describe('createTableScan', () => {
  it('returns the end of the farthest data that an entry points to', () => {
    const scan = createTableScan(tables([100, 500]), 1000)
    scan.feed(bytes, 0)
    expect(scan.extent()).toEqual({ end: 500 + 24 + 1, isComplete: true })
    expect(scan.tablesEnd).toBe(532)
  })

  it('returns the same however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 20 }), { maxLength: 6 }),
        fc.constantFrom<4 | 8>(4, 8),
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }),
        (offsets, width, lengths) => {
          const asked = tables([...sortOffsets(offsets.map((offset) => offset * 41))], 40, width)
          const [whole, cut] = [createTableScan(asked, 1000), createTableScan(asked, 1000)]
          whole.feed(bytes, 0)
          for (let at = 0, turn = 0; at < bytes.length; turn++) {
            const length = lengths[turn % lengths.length] ?? 1
            cut.feed(bytes.subarray(at, at + length), at)
            at += length
          }
          expect(cut.extent()).toEqual(whole.extent())
        },
      ),
    )
  })

  describe('is incomplete', () => {
    it.each<readonly [string, readonly number[], number]>([
      ['when a table has passed', [10, 500], 100],
      ['when a table has passed in part', [90, 500], 100],
      ['when a table is still to come', [100, 990], 0],
      ['when two tables overlap', [100, 110], 0],
    ])('%s', (_, starts, from) => {
      const scan = createTableScan(tables(starts), 1000)
      scan.feed(bytes.subarray(from), from)
      expect(scan.extent().isComplete).toBe(false)
    })

    it('when the list of tables needs more memory than allowed', () => {
      const scan = createTableScan(tables([100, 200, 300]), 16)
      scan.feed(bytes, 0)
      expect(scan.extent()).toEqual({ end: 0, isComplete: false })
      expect(scan.held).toBe(0)
    })
  })
})

describe('sortOffsets', () => {
  it('returns offsets in ascending order, each once, without those that point nowhere', () =>
    expect([...sortOffsets([5, 0, 3, 5, 2 ** 60, 1])]).toEqual([1, 3, 5]))
})
