import { describe, expect, it } from '@jest/globals'
import { formatNotFound } from '../src/format-not-found.ts'

describe('formatNotFound', () => {
  it.each([
    ['server web-1', '', 'server not found: web-1'],
    ['SSH key 7', '', 'SSH key not found: 7'],
    ['image i', ' or not visible', 'image not found or not visible: i'],
    ['tag plain of image i', '', 'tag plain of image i not found'],
  ])('formats %s with %j', (subject, qualifier, expected) => {
    expect(formatNotFound(subject, qualifier)).toBe(expected)
  })
})
