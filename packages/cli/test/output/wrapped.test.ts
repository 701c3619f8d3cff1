import { expect, test } from '@jest/globals'
import stringWidth from 'string-width'
import { wrapped } from '../../src/output/wrapped.ts'

test('breaks between words, and indents what follows', () =>
  expect(wrapped('the disk of server 104000004 is written', 20)).toBe('the disk of server\n  104000004 is\n  written'))

test('keeps a word whole that is wider than the line', () =>
  expect(wrapped(`id ${'6'.repeat(36)} is used`, 20)).toBe(`id\n  ${'6'.repeat(36)}\n  is used`))

test('counts what a terminal shows', () => {
  for (const line of wrapped('雲のイメージ 雲のイメージ 雲のイメージ', 20).split('\n'))
    expect(stringWidth(line)).toBeLessThanOrEqual(20)
})

test.each(['', 'short'])('%j stays as it is', (text) => expect(wrapped(text, 20)).toBe(text))
