import { describe, expect, it } from '@jest/globals'
import { findMetadataProblems } from '@imago/core'
import fc from 'fast-check'
import { metadata } from '../src/metadata.ts'
import { findPropertyNameProblem } from '../src/requests/property-name.ts'

const BEYOND = /[\u{10000}-\u{10FFFF}]/u

describe('metadata rules of OpenStack', () => {
  it('the metadata rules reject the same property names as a request', () => {
    const name = fc.oneof(
      fc.constantFrom('owner', 'tags', 'location', 'os_glance_x', 'os_distro', ' x', 'x\n'),
      fc.string(),
      fc.string({ minLength: 250, maxLength: 260 }),
    )
    fc.assert(
      fc.property(name, (one) => {
        fc.pre(!BEYOND.test(one))
        expect(findMetadataProblems({ name: 'x', properties: { [one]: 'v' } }, metadata).length > 0).toBe(
          findPropertyNameProblem(one) !== null,
        )
      }),
    )
  })

  it.each([
    [{ name: 'x'.repeat(256) }],
    [{ name: 'web 🚀' }],
    [{ name: 'x', tags: ['t'.repeat(256)] }],
    [{ name: 'x', tags: ['🚀'] }],
    [{ name: 'x', properties: { note: '🚀' } }],
    [{ name: 'x', properties: { ['p'.repeat(256)]: 'v' } }],
  ])('rejects %j', (request) => expect(findMetadataProblems(request, metadata)).toHaveLength(1))

  it('accepts 255 characters of any script', () =>
    expect(
      findMetadataProblems(
        { name: 'ж'.repeat(255), tags: ['ж'.repeat(255)], properties: { ['ж'.repeat(255)]: 'ж' } },
        metadata,
      ),
    ).toEqual([]))
})
