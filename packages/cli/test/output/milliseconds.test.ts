import { describe, expect, it } from '@jest/globals'
import { withMilliseconds } from '../../src/output/milliseconds.ts'

describe('withMilliseconds', () => {
  it.each([
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T12:00:00.5Z', '2026-01-31T12:00:00.500Z'],
    ['2026-01-31T12:00:00.123456Z', '2026-01-31T12:00:00.123Z'],
    ['-', '-'],
  ])('formats %s with three digits of milliseconds', (instant, expected) =>
    expect(withMilliseconds(instant)).toBe(expected),
  )
})
