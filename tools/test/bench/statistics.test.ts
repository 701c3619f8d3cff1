import { describe, expect, it } from '@jest/globals'
import { computeRatios, median, spread } from '../../bench/statistics.mjs'

describe('median', () => {
  it('returns the middle of an odd number of values, in any order', () => expect(median([9, 1, 5])).toBe(5))

  it('returns the mean of the middle two of an even number', () => expect(median([4, 1, 2, 9])).toBe(3))

  it('leaves the values in their order', () => {
    const values = [3, 1, 2]
    median(values)
    expect(values).toEqual([3, 1, 2])
  })
})

describe('spread', () => {
  it('returns the minimum and the maximum', () => expect(spread([1.5, 0.25, 1])).toBe('0.25–1.50'))
})

describe('computeRatios', () => {
  it('divides by the base of the same round', () => expect(computeRatios([2, 9], [1, 3])).toEqual([2, 3]))

  it('throws if a round has no base', () =>
    expect(() => computeRatios([2, 9], [1])).toThrow('2 values and 1 of the base'))
})
