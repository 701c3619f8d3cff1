import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createSorted } from '../../src/listing/sorted.ts'

interface Entry {
  readonly key: number
  readonly index: number
}

const byKey = (a: Entry, b: Entry): number => a.key - b.key

describe('createSorted', () => {
  it('law: returns the first values in a stable order, whatever was dropped in between', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 50 }), { minLength: 0, maxLength: 6000, size: 'max' }),
        fc.constantFrom(1, 7, 1500, Infinity),
        (keys, limit) => {
          const entries = keys.map((key, index) => ({ key, index }))
          const sorted = createSorted(byKey, limit)
          for (const entry of entries) sorted.add(entry)
          expect(sorted.take()).toEqual([...entries].sort(byKey).slice(0, limit))
        },
      ),
      { numRuns: 40 },
    )
  })
})
