import { describe, expect, test } from '@jest/globals'
import { unitToBytes } from '../src/index.ts'

describe('unitToBytes', () => {
  test('unitToBytes returns whole bytes; null or undefined if absent; undefined if not exact', () => {
    const gigabytes = unitToBytes(1e9)
    expect(gigabytes(2.5)).toBe(2_500_000_000)
    expect(gigabytes(0.1234567894)).toBe(123_456_789)
    expect(gigabytes(0)).toBe(0)
    expect(gigabytes(null)).toBe(null)
    expect(gigabytes(undefined)).toBe(undefined)
    expect(gigabytes(1e9)).toBe(undefined)
  })
})
