import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { storableJson, storableJsonText } from '../../src/rows/cell.ts'

describe('storableJsonText', () => {
  it('replaces NUL and single surrogates', () => {
    expect(storableJsonText(String.raw`{"a\u0000b":"\ud800","c":"\uDFFF\ud83d"}`)).toBe(
      String.raw`{"a\ufffdb":"\ufffd","c":"\ufffd\ufffd"}`,
    )
  })

  it('keeps pairs of surrogates, escaped backslashes and the digits of numbers', () => {
    const text = String.raw`{"a":"\ud83d\uDE00","b":"C:\\u0000","c":"\\\\ud800","n":9223372036854775808}`
    expect(storableJsonText(text)).toBe(text)
  })

  it('replaces the same characters as storableJson', () => {
    const unit = fc.constantFrom('a', '\0', '\ud83d', '\ude00', '\\', 'u0000', '"', '\ud800')
    const text = fc.array(unit).map((units) => units.join(''))
    fc.assert(
      fc.property(text, text, (key, value) => {
        const record = { [key]: [value] }
        expect(JSON.parse(storableJsonText(JSON.stringify(record)))).toEqual(JSON.parse(storableJson(record)))
      }),
    )
  })
})
