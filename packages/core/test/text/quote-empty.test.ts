import { describe, expect, it } from '@jest/globals'
import { quoteEmpty } from '../../src/text/safe-text.ts'

describe('quoteEmpty', () => {
  it.each([
    ['', '""'],
    ['  ', '"  "'],
    ['web', 'web'],
    ['a b', 'a b'],
  ])('formats %j as %s', (text, expected) => {
    expect(quoteEmpty(text)).toBe(expected)
  })
})
