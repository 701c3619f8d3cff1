import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { visible, visibleJson } from '../../src/output/visible.ts'
import { DRIVES_TERMINAL, HOSTILE } from '../records.ts'

describe('visible', () => {
  it.each([
    ['\u001b[31m', '\\x1b[31m'],
    ['\u009b31m', '\\x9b31m'],
    ['a\nb', 'a\\x0ab'],
    ['\u007f', '\\x7f'],
    ['\u202egnp.exe', '\\u202egnp.exe'],
    ['\u2028', '\\u2028'],
    ['\ufeff', '\\ufeff'],
    ['plain – ünïcödé 雲 👩‍🚀', 'plain – ünïcödé 雲 👩‍🚀'],
  ])('replaces %j by %j', (text, shown) => {
    expect(visible(text)).toBe(shown)
  })

  it('leaves no control characters in any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = visible(HOSTILE + text)
        expect(shown).not.toMatch(DRIVES_TERMINAL)
        expect(shown).not.toContain('\n')
      }),
    )
  })
})

describe('visibleJson', () => {
  it('returns equal JSON without control characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const json = JSON.stringify({ [HOSTILE]: HOSTILE + text })
        expect(json).toMatch(DRIVES_TERMINAL)
        expect(visibleJson(json)).not.toMatch(DRIVES_TERMINAL)
        expect(JSON.parse(visibleJson(json))).toEqual({ [HOSTILE]: HOSTILE + text })
      }),
    )
  })
})
