import { expect, test } from '@jest/globals'
import { findUnsupportedChange } from '../src/index.ts'

test('the first change that is asked for and not supported', () => {
  expect(findUnsupportedChange({ name: 'a', labels: { b: 'c' } }, ['labels'])).toBe('name')
  expect(findUnsupportedChange({ description: 'a', labels: { b: 'c' } }, ['labels', 'description'])).toBe(null)
  expect(findUnsupportedChange({}, [])).toBe(null)
})
