import { describe, expect, it } from '@jest/globals'
import { stringify } from 'csv-stringify/sync'
import * as fc from 'fast-check'
import { formatCsvCell, formatRawCsvCell } from '../../src/output/csv.ts'

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      '"',
      ',',
      '\n',
      '\r',
      "'",
      '=',
      '-',
      '＝',
      ' ',
      '\t',
      '\u00a0',
      '\ufeff',
      '\ud800',
      'é',
      '$&',
    ),
  }),
)

describe('formatRawCsvCell', () => {
  it.each([
    ['a b', 'a b'],
    ['a,b', '"a,b"'],
    ['say "a"', '"say ""a"""'],
    ['a\nb', '"a\nb"'],
    ['a\rb', '"a\rb"'],
    ['', ''],
    ['=1', '=1'],
  ])('of %j is %j', (text, cell) => {
    expect(formatRawCsvCell(text)).toBe(cell)
  })

  it('writes the same bytes as csv-stringify', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(`${formatRawCsvCell(text)}\n`).toBe(stringify([[text]]))
      }),
    )
  })
})

describe('formatCsvCell', () => {
  it.each([
    ['=1', "'=1"],
    [' +1', "' +1"],
    ['\u00a0@a', "'\u00a0@a"],
    ['＝1', "'＝1"],
    ['-1,5', `"'-1,5"`],
    ['\ta', "'\ta"],
    [' a', ' a'],
    ['1-1', '1-1'],
  ])('of %j is %j', (text, cell) => {
    expect(formatCsvCell(text)).toBe(cell)
  })

  it('is the raw cell, with an apostrophe if a formula follows white space', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const isFormula =
          /^[\t\n\r]/.test(text) || ['=', '+', '-', '@', '＝', '＋', '－', '＠'].includes(text.trimStart().charAt(0))
        expect(formatCsvCell(text)).toBe(formatRawCsvCell(isFormula ? `'${text}` : text))
      }),
    )
  })
})
