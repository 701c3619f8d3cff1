import { describe, expect, it } from '@jest/globals'
import stringWidth from 'string-width'
import { wrapped } from '../../src/output/wrapped.ts'

describe('wrapped text', () => {
  it('wrapped breaks between words, and indents the following lines', () =>
    expect(wrapped('the disk of server 104000004 is written', 20)).toBe(
      'the disk of server\n  104000004 is\n  written',
    ))

  it('wrapped does not break a word that is wider than the line', () =>
    expect(wrapped(`id ${'6'.repeat(36)} is used`, 20)).toBe(`id\n  ${'6'.repeat(36)}\n  is used`))

  it('wrapped counts the width on a terminal', () => {
    for (const line of wrapped('雲のイメージ 雲のイメージ 雲のイメージ', 20).split('\n'))
      expect(stringWidth(line)).toBeLessThanOrEqual(20)
  })

  it.each(['', 'short'])('wrapped keeps %j', (text) => expect(wrapped(text, 20)).toBe(text))
})
