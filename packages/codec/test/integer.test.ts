import { describe, expect, it } from '@jest/globals'
import { Amount, Count } from '../src/index.ts'

describe('Count', () => {
  it('accepts an integer from 0 that JSON.parse cannot have rounded', () => {
    expect([0, 1, 2 ** 53 - 1, 350_000_000].every(Count.is)).toBe(true)
    expect([2 ** 53, -1, 0.5, NaN, Infinity, '1', null].filter((u) => Count.is(u))).toEqual([])
  })
})

describe('Amount', () => {
  it('accepts a finite number from 0', () => {
    expect([0, 0.64352086328125, 2 ** 53, 1e300].every(Amount.is)).toBe(true)
    expect([-0.1, NaN, Infinity, JSON.parse('1e999'), '1', null].filter((u) => Amount.is(u))).toEqual([])
  })
})
