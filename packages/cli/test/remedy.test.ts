import { createErrorSite, integrityFailed, unsupported } from '@imago/core/provider'
import { describe, expect, it } from '@jest/globals'
import { formatErrorLine } from '../src/live-problem.ts'
import { addOptions } from '../src/remedy.ts'

const site = createErrorSite({ provider: 'hetzner', cloud: 'prod' }, 'hide')

describe('addOptions', () => {
  it.each([
    [['size-match'], 'Accept the level size-match (--accept size-match)'],
    [['size-match', 'unverified'], 'Accept the level size-match (--accept size-match or --accept unverified)'],
    [[], 'Accept the level size-match (--accept)'],
  ])('adds the option of a parameter with the values %j', (values, expected) => {
    expect(addOptions('Accept the level size-match', [{ parameter: 'accept', values }])).toBe(expected)
  })

  it('returns the hint for a parameter without an option', () => {
    expect(addOptions('Raise the limit', [{ parameter: 'sizeLimit', values: ['1'] }])).toBe('Raise the limit')
  })
})

describe('formatErrorLine', () => {
  it('adds the option that accepts a verification level', () => {
    const error = integrityFailed(site, {
      what: 'the target has no digest',
      hint: 'Accept the verification level size-match',
      changes: [{ parameter: 'accept', values: ['size-match'] }],
      expected: 'a',
      actual: 'b',
    })
    expect(formatErrorLine(error)).toBe(
      'hetzner/prod: hide: the target has no digest; expected a, got b. Accept the verification level size-match (--accept size-match)',
    )
  })

  it.each([
    [undefined, 'To list what the cloud supports: imago capabilities hetzner/prod'],
    ['Use labels instead', 'Use labels instead'],
  ])(
    'refers to the capabilities of the cloud unless an unsupported operation has its own hint: %j',
    (hint, expected) => {
      const error = unsupported(site, { what: 'images cannot be hidden', hint, capability: 'hide' })
      expect(formatErrorLine(error)).toBe(`hetzner/prod: hide: images cannot be hidden. ${expected}`)
    },
  )
})
