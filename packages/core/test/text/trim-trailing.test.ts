import { describe, expect, test } from '@jest/globals'
import { trimTrailing } from '../../src/text/trim-trailing.ts'

describe('trimTrailing', () => {
  test.each([
    ['/image/v2//', '/', '/image/v2'],
    ['//', '/', ''],
    ['', '/', ''],
    ['/image', '/', '/image'],
    ['Not found. .\n', '. \n', 'Not found'],
  ])('%j without %j is %j', (text, some, expected) => {
    expect(trimTrailing(text, some)).toBe(expected)
  })
})
