import { describe, expect, it } from '@jest/globals'
import { formatInstant, parsePeriod, shiftInstant, shiftTime } from '../../src/query/period.ts'

describe('parsePeriod', () => {
  it.each([
    ['90m', { ms: 5_400_000 }],
    ['12h', { ms: 43_200_000 }],
    ['8w', { ms: 4_838_400_000 }],
    ['6mo', { months: 6 }],
    ['2y', { months: 24 }],
  ])('parses %s', (text, period) => expect(parsePeriod(text)).toEqual(period))

  it.each(['', '6', '6M', '-1d', '1.5d', '1 d', '1234567d'])('refuses %j', (text) =>
    expect(parsePeriod(text)).toBeNull(),
  )
})

describe('shiftTime', () => {
  it.each([
    ['2026-03-31T00:00:00Z', '1mo', -1, '2026-02-28T00:00:00Z'],
    ['2024-02-29T00:00:00Z', '1y', 1, '2025-02-28T00:00:00Z'],
    ['2026-12-31T23:59:59Z', '2mo', 1, '2027-02-28T23:59:59Z'],
    ['2026-01-15T00:00:00Z', '1mo', -1, '2025-12-15T00:00:00Z'],
  ] as const)('shifts %s by %s to the last day of a shorter month', (from, text, sign, to) => {
    const period = parsePeriod(text)
    const shifted = period === null ? null : shiftTime(Date.parse(from), period, sign)
    expect(shifted === null ? null : formatInstant(shifted)).toBe(to)
  })
})

describe('shiftInstant', () => {
  it('counts calendar months', () =>
    expect(shiftInstant('2026-08-31T12:00:00Z', { months: 6 }, 1)).toBe('2027-02-28T12:00:00Z'))

  it('returns null beyond the years 1 to 9999', () => {
    expect(shiftInstant('2026-08-31T12:00:00Z', { months: 12 * 9000 }, 1)).toBeNull()
    expect(shiftInstant('2026-08-31T12:00:00Z', { months: 12 * 3000 }, -1)).toBeNull()
  })
})
