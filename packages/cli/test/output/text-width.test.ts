import { describe, expect, it } from '@jest/globals'
import * as fc from 'fast-check'
import stringWidth from 'string-width'
import tier from '../../../../tools/jest/tier.cjs'
import { textWidth } from '../../src/output/text-width.ts'

describe('textWidth', () => {
  it.each([
    ['', 0],
    ['ubuntu-24.04', 12],
    ['Größe …', 7],
    ['日本', 4],
    ['soft\u00adhyphen', 10],
    ['👩‍👩‍👧', 2],
  ])('of %j is %d', (text, width) => {
    expect(textWidth(text)).toBe(width)
  })

  it('is that of string-width for each character of the Basic Multilingual Plane', () => {
    const characters = Array.from({ length: 0x10000 - 32 }, (_, index) => String.fromCharCode(32 + index))
    // The short tier tests every 17th.
    const tested = tier.isComplete ? characters : characters.filter((_, index) => index % 17 === 0)
    expect(tested.filter((character) => textWidth(character) !== stringWidth(character))).toEqual([])
  })

  it('is that of string-width for any text', () => {
    const unit = fc.constantFrom(
      'a',
      ' ',
      'é',
      '…',
      '\u00ad',
      '\u0301',
      '\u200d',
      '\ufe0f',
      '©',
      '1',
      '\u20e3',
      '日',
      '😀',
    )
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit }), fc.string({ unit: 'binary' })), (text) => {
        expect(textWidth(text)).toBe(stringWidth(text))
      }),
    )
  })
})
