import { describe, expect, test } from '@jest/globals'
import { CAPABILITIES } from '../../src/source/capability-descriptions.ts'
import { CAPABILITY_NAMES } from '../../src/capability-names.ts'

describe('CAPABILITIES', () => {
  test('has a sentence for each capability', () => {
    for (const sentence of Object.values(CAPABILITIES)) expect(sentence).toMatch(/^[A-Z].+\.$/)
    expect(new Set(Object.values(CAPABILITIES)).size).toBe(CAPABILITY_NAMES.length)
  })

  test('has the order of the names', () => expect(Object.keys(CAPABILITIES)).toEqual([...CAPABILITY_NAMES]))
})
