import { describe, expect, it } from '@jest/globals'
import { deprecatedAt, parseInstant, threeMonthsAfterDeprecation } from '../../src/map-image/deprecation.ts'
import { readField } from './reading.ts'

describe('deprecation', () => {
  const AT = '2026-08-31T00:00:00+00:00'
  const object = { announced: '2026-09-08T00:00:00Z', unavailable_after: '2026-12-08T12:00:00Z' }

  it.each([
    [
      'both',
      { deprecated: AT, deprecation: object },
      ['2026-09-08T00:00:00Z', 'declared'],
      ['2026-12-08T12:00:00Z', 'declared'],
    ],
    [
      'the object only',
      { deprecation: object },
      ['2026-09-08T00:00:00Z', 'declared'],
      ['2026-12-08T12:00:00Z', 'declared'],
    ],
    ['the date only', { deprecated: AT }, ['2026-08-31T00:00:00Z', 'declared'], ['2026-12-01T00:00:00Z', 'assumed']],
    [
      'the date, and a null object',
      { deprecated: AT, deprecation: null },
      ['2026-08-31T00:00:00Z', 'declared'],
      ['2026-12-01T00:00:00Z', 'assumed'],
    ],
    [
      'the object, and a null date',
      { deprecated: null, deprecation: object },
      ['2026-09-08T00:00:00Z', 'declared'],
      ['2026-12-08T12:00:00Z', 'declared'],
    ],
    [
      'an object without an end',
      { deprecated: AT, deprecation: { announced: '2026-09-08T00:00:00Z' } },
      ['2026-09-08T00:00:00Z', 'declared'],
      ['2026-12-01T00:00:00Z', 'assumed'],
    ],
    ['both null: not deprecated', { deprecated: null, deprecation: null }, [null, 'declared'], [null, 'declared']],
    ['a null date', { deprecated: null }, [null, 'declared'], [null, 'unknown']],
    ['a null object', { deprecation: null }, [null, 'declared'], [null, 'declared']],
    ['neither', {}, [null, 'unknown'], [null, 'unknown']],
    ['an empty object', { deprecation: {} }, [null, 'unknown'], [null, 'unknown']],
  ])('is read from a record with %s', (_, record, announced, ends) => {
    expect(readField(record, 'deprecatedAt')).toEqual(announced)
    expect(readField(record, 'unavailableAfter')).toEqual(ends)
  })

  it.each([
    ['2024-07-01T23:55:00+00:00', '2024-10-01T23:55:00Z'],
    // Go: time.Date(2024, 11, 30, …).AddDate(0, 3, 0) is 30 February 2025, which is 2 March; 1 March in a leap year.
    ['2024-11-30T00:00:00Z', '2025-03-02T00:00:00Z'],
    ['2023-11-30T00:00:00Z', '2024-03-01T00:00:00Z'],
    ['2023-11-29T00:00:00Z', '2024-02-29T00:00:00Z'],
    ['2024-11-29T00:00:00Z', '2025-03-01T00:00:00Z'],
    ['2025-08-31T23:59:59Z', '2025-12-01T23:59:59Z'],
    ['2025-12-31T00:00:00Z', '2026-03-31T00:00:00Z'],
    // The months are counted in UTC, where this is 1 December.
    ['2024-11-30T23:00:00-02:00', '2025-03-01T01:00:00Z'],
    ['9999-12-01T00:00:00Z', undefined],
    ['soon', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('ends three months after %p, at %p', (deprecated, expected) =>
    expect(threeMonthsAfterDeprecation(deprecated)).toBe(expected),
  )

  it('is the announced date, and dates are read in UTC', () => {
    expect(deprecatedAt({ deprecation: object, deprecated: AT })).toBe('2026-09-08T00:00:00Z')
    expect(parseInstant('2016-01-30T23:50+00:00')).toBe('2016-01-30T23:50:00Z')
    expect(parseInstant(null)).toBeNull()
    expect(parseInstant(undefined)).toBeUndefined()
    expect(parseInstant('x')).toBeUndefined()
  })
})
