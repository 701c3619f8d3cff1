import { describe, expect, it } from '@jest/globals'
import { formatInstant, parseAge, parsePeriod, shiftTime } from '../../src/listing/age.ts'
import { Problem } from '../../src/problem.ts'

const NOW = Date.parse('2026-11-30T12:00:00Z')

describe('parseAge', () => {
  it.each([
    ['90m', '2026-11-30T10:30:00Z'],
    ['12h', '2026-11-30T00:00:00Z'],
    ['30d', '2026-10-31T12:00:00Z'],
    ['8w', '2026-10-05T12:00:00Z'],
    ['6mo', '2026-05-30T12:00:00Z'],
    ['1y', '2025-11-30T12:00:00Z'],
    ['2026-01-31', '2026-01-31T00:00:00Z'],
    ['2026-01-31T12:00:00+01:00', '2026-01-31T11:00:00Z'],
  ])('parses %s', (text, instant) => {
    expect(parseAge('--older-than', text, NOW)).toBe(instant)
  })

  it.each(['', 'yesterday', '1x', '-1d', '1.5d', '1 d', '999999y', '2026-02-30'])('refuses %j', (text) => {
    expect(() => parseAge('--older-than', text, NOW)).toThrow(Problem)
  })

  it('refuses an age that is out of range', () => {
    expect(() => parseAge('--older-than', '1'.repeat(1_000_000), NOW)).toThrow(Problem)
  })
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
