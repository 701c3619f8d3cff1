import { describe, expect, it } from '@jest/globals'
import { trimTrailing } from '../../src/text/trim-trailing.ts'

describe('trimTrailing', () => {
  it.each([
    ['/image/v2//', '/', '/image/v2'],
    ['//', '/', ''],
    ['', '/', ''],
    ['/image', '/', '/image'],
    ['Not found. .\n', '. \n', 'Not found'],
  ])('removes from %j the trailing %j: %j', (text, some, expected) => {
    expect(trimTrailing(text, some)).toBe(expected)
  })
})
