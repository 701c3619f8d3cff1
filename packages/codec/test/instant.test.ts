import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { dateToInstant, DateText, Instant, toInstant } from '../src/index.ts'

describe('toInstant', () => {
  it.each([
    ['canonical', '2016-01-30T23:50:00Z', '2016-01-30T23:50:00Z'],
    ['Hetzner, until the end of 2025', '2020-04-23T17:55:14+00:00', '2020-04-23T17:55:14Z'],
    ["hcloud-python's fixtures, without seconds", '2016-01-30T23:50+00:00', '2016-01-30T23:50:00Z'],
    ['without seconds, with Z', '2016-01-30T23:50Z', '2016-01-30T23:50:00Z'],
    ['milliseconds of zero', '2016-01-30T23:50:00.000Z', '2016-01-30T23:50:00Z'],
    ['Glance image tasks, without a zone', '2020-12-18T05:20:38.000000', '2020-12-18T05:20:38Z'],
    ['microseconds', '2015-11-07T02:58:43.578887Z', '2015-11-07T02:58:43.578887Z'],
    ['nanoseconds', '2015-11-07T02:58:43.123456789Z', '2015-11-07T02:58:43.123456789Z'],
    ['a fraction with trailing zeros', '2015-11-07T02:58:43.120Z', '2015-11-07T02:58:43.12Z'],
    ['a fraction after a comma', '2015-11-07T02:58:43,5Z', '2015-11-07T02:58:43.5Z'],
    ["Python's str", '2023-04-12 10:00:00+00:00', '2023-04-12T10:00:00Z'],
    ["Go's String, as far as the zone", '2023-04-12 10:00:00 +0000', '2023-04-12T10:00:00Z'],
    ['UTC in words', '2023-04-12 10:00:00 UTC', '2023-04-12T10:00:00Z'],
    ['small letters', '2023-04-12t10:00:00z', '2023-04-12T10:00:00Z'],
    ['east of Greenwich', '2023-04-12T01:30:00+02:00', '2023-04-11T23:30:00Z'],
    ['west of Greenwich', '2023-04-12T22:30:00-05:30', '2023-04-13T04:00:00Z'],
    ['an offset without colon', '2023-04-12T01:30:00+0200', '2023-04-11T23:30:00Z'],
    ['an offset of hours', '2023-04-12T01:30:00-02', '2023-04-12T03:30:00Z'],
    ['a fraction and an offset', '2023-01-01T00:30:00.250+01:00', '2022-12-31T23:30:00.25Z'],
    ["Go's zero time", '0001-01-01T00:00:00Z', '0001-01-01T00:00:00Z'],
    ['a year below 100 with an offset', '0050-06-01T00:00:00+01:00', '0050-05-31T23:00:00Z'],
    ['a leap day', '2024-02-29T00:00:00Z', '2024-02-29T00:00:00Z'],
    ['a leap day of a year divisible by 400', '2000-02-29T12:00:00+00:00', '2000-02-29T12:00:00Z'],
    ['the year 0, a leap year', '0000-02-29T00:00:00Z', '0000-02-29T00:00:00Z'],
    ['the last second', '9999-12-31T23:59:59Z', '9999-12-31T23:59:59Z'],
    ['over a leap day', '2024-03-01T00:30:00+01:00', '2024-02-29T23:30:00Z'],
  ])('%s: %s', (_, text, instant) => {
    expect(toInstant(text)).toBe(instant)
  })
})

describe('toInstant, for text that is not a date', () => {
  it.each([
    '',
    'now',
    '2016',
    'March 7',
    '2016-01-30',
    '2016-1-30T23:50:00Z',
    '2016-01-30T23Z',
    '2016-01-30T23:50:00 Z ',
    '2016-01-30T23:50:00.Z',
    '2016-01-30T23:50:00+1:00',
    '2016-01-30T23:50:00+24:00',
    '2016-01-30T23:50:00+00:60',
    '2016-01-30T23:50:00CET',
    '2016-01-30T24:00:00Z',
    '2016-01-30T23:60:00Z',
    '2016-01-30T23:59:60Z',
    '2016-13-01T00:00:00Z',
    '2016-00-01T00:00:00Z',
    '2016-01-00T00:00:00Z',
    '2016-01-32T00:00:00Z',
    '2016-04-31T00:00:00+00:00',
    '2023-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2023-02-29T00:00:00.5Z',
    '٢٠١٦-01-30T23:50:00Z',
    '2016-01-30T23:50:00Z\n',
    '0000-01-01T00:00:00+01:00',
    '9999-12-31T23:59:59-00:01',
    '+12016-01-30T23:50:00Z',
  ])('%j', (text) => {
    expect(toInstant(text)).toBeUndefined()
  })
})

describe('dateToInstant', () => {
  it('returns the first second of a date without a time', () => {
    expect(dateToInstant('2027-04-30')).toBe('2027-04-30T00:00:00Z')
    expect(dateToInstant('2027-04-31')).toBeUndefined()
    expect(dateToInstant('2027-04-30T10:00+02:00')).toBe('2027-04-30T08:00:00Z')
    expect(dateToInstant('none')).toBeUndefined()
  })
})

const anyDate = fc.date({
  min: new Date('0000-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59.999Z'),
  noInvalidDate: true,
})

/** Texts of the characters of dates: some are dates, some are similar, most are not. */
const dateLike = fc.oneof(
  anyDate.map((date) => date.toISOString()),
  fc
    .tuple(
      fc.nat(9999),
      fc.nat(13),
      fc.nat(32),
      fc.nat(25),
      fc.nat(61),
      fc.nat(61),
      fc.constantFrom('Z', '', '+00:00', '-23:59', '.100Z', ' +0130'),
    )
    .map(([year, month, day, hour, minute, second, rest]) => {
      const [a, b, c, d, e] = [month, day, hour, minute, second].map((part) => String(part).padStart(2, '0'))
      return `${String(year).padStart(4, '0')}-${a}-${b}T${c}:${d}:${e}${rest}`
    }),
  fc.string({ unit: fc.constantFrom(...'0123456789-:T.,Z+ UC'), maxLength: 32 }),
  fc.string(),
)

describe('toInstant, for any date', () => {
  it('reads the text of every Date as that Date', () => {
    fc.assert(
      fc.property(anyDate, (date) => {
        const instant = toInstant(date.toISOString())
        expect(instant).toBeDefined()
        expect(new Date(instant ?? NaN).getTime()).toBe(date.getTime())
      }),
    )
  })

  it('reads no zone, Z and +00:00 as the same, with a T or a space', () => {
    fc.assert(
      fc.property(anyDate, (date) => {
        const text = date.toISOString().slice(0, 19)
        const spellings = [text, `${text}Z`, `${text}+00:00`, `${text}-00:00`, `${text}.000`, text.replace('T', ' ')]
        expect(new Set(spellings.map(toInstant))).toEqual(new Set([`${text}Z`]))
      }),
    )
  })

  it('subtracts the offset', () => {
    const offset = fc.integer({ min: -23 * 60 - 59, max: 23 * 60 + 59 })
    const inside = fc.date({
      min: new Date('0001-01-02T00:00:00Z'),
      max: new Date('9999-12-30T00:00:00Z'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(inside, offset, (date, minutes) => {
        const local = new Date(date.getTime() + minutes * 60_000).toISOString()
        const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60].map((part) =>
          String(part).padStart(2, '0'),
        )
        const text = `${local.slice(0, -1)}${minutes < 0 ? '-' : '+'}${hours}:${rest}`
        expect(new Date(toInstant(text) ?? NaN).getTime()).toBe(date.getTime())
      }),
    )
  })

  it('returns an instant unchanged, which Date can parse', () => {
    fc.assert(
      fc.property(dateLike, (text) => {
        const instant = toInstant(text)
        fc.pre(instant !== undefined)
        expect(toInstant(instant ?? '')).toBe(instant)
        expect(Instant.is(instant)).toBe(true)
        expect(Number.isNaN(Date.parse(instant ?? ''))).toBe(false)
      }),
    )
  })

  it('agrees with its fast path', () => {
    fc.assert(
      fc.property(dateLike, (text) => {
        // A trailing zero in the fraction does not change the date, but avoids the fast path.
        const general = text.replace(/(:\d\d)(Z|\+00:00)$/, '$1.0$2')
        expect(toInstant(text)).toBe(toInstant(general))
      }),
      { numRuns: 1000 },
    )
  })
})

describe('DateText', () => {
  it('decodes any value without throwing, and keeps the text', () => {
    fc.assert(
      fc.property(fc.oneof(dateLike, fc.jsonValue()), (u) => {
        const decoded = DateText.decode(u)
        expect(E.isRight(decoded)).toBe(DateText.is(u))
        if (E.isRight(decoded)) expect(decoded.right).toBe(u)
        expect(E.isRight(Instant.decode(u))).toBe(Instant.is(u))
        expect(DateText.is(u) || !Instant.is(u)).toBe(true)
      }),
    )
  })
})

describe('Instant', () => {
  it('accepts only the canonical spelling', () => {
    expect(Instant.is('2016-01-30T23:50:00Z')).toBe(true)
    expect(Instant.is('2016-01-30T23:50:00.5Z')).toBe(true)
    expect(
      ['2016-01-30T23:50:00+00:00', '2016-01-30T23:50:00.50Z', '2016-01-30T23:50:00', '2016-01-30', 1454197800].filter(
        (u) => Instant.is(u),
      ),
    ).toEqual([])
  })
})
