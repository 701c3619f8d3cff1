import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { compactJson } from '../../src/output/compact-json.ts'

describe('compactJson', () => {
  it('removes white space between tokens, and nothing within strings or numbers', () => {
    const text = '{\n  "a b" : [ 1.0, 12345678901234567890 ,1e999 ],\r\n\t"c\\" :  ": "\\\\",\n"d\\\\":"  x  "\n}'
    expect(compactJson(text)).toBe('{"a b":[1.0,12345678901234567890,1e999],"c\\" :  ":"\\\\","d\\\\":"  x  "}')
  })

  it('law: returns the same as JSON.stringify for any indented JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), fc.constantFrom(1, 2, '\t', ' \n'), (value, indent) =>
        expect(compactJson(JSON.stringify(value, null, indent))).toBe(JSON.stringify(value)),
      ),
    )
  })

  it('accepts a string with very many escapes', () => {
    const text = JSON.stringify({ a: '\n"\\'.repeat(500_000) })
    expect(compactJson(`\n${text}\n`) === text).toBe(true)
  })
})
