import { describe, expect, it } from '@jest/globals'
import { parseAge } from '../../src/listing/age.ts'
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
