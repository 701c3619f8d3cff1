import { describe, expect, it } from '@jest/globals'
import { stringify } from 'csv-stringify/sync'
import * as fc from 'fast-check'
import { formatCsvLine } from '../../src/output/csv.ts'

describe('formatCsvLine', () => {
  it('quotes cells with commas, quotes and line breaks only', () => {
    expect(formatCsvLine(['a b', 'a,b', 'say "a"', 'a\nb', 'a\rb', '', "'=1"])).toBe(
      `a b,"a,b","say ""a""","a\nb","a\rb",,'=1\n`,
    )
  })

  it('writes the same bytes as csv-stringify', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', "'", '=', ' ', '\t', '\ufeff', '\ud800', 'é', '$&') }),
    )
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 6 }), (cells) => {
        expect(formatCsvLine(cells)).toBe(stringify([cells]))
      }),
    )
  })
})
