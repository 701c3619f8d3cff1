import { describe, expect, it } from '@jest/globals'
import { CAPABILITIES } from '../../src/source/capability-descriptions.ts'
import { CAPABILITY_NAMES } from '../../src/capability-names.ts'

describe('CAPABILITIES', () => {
  it('has a unique sentence for each capability', () => {
    for (const sentence of Object.values(CAPABILITIES)) expect(sentence).toMatch(/^[A-Z].+\.$/)
    expect(new Set(Object.values(CAPABILITIES)).size).toBe(CAPABILITY_NAMES.length)
  })

  it('has the order of CAPABILITY_NAMES', () => expect(Object.keys(CAPABILITIES)).toEqual([...CAPABILITY_NAMES]))
})
