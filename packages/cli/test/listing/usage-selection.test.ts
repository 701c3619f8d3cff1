import { describe, expect, it } from '@jest/globals'
import { READ, type Completeness, type Usage } from '@imago/core'
import { bareImage } from '@imago/testkit'
import fc from 'fast-check'
import { createUsageFilter } from '../../src/listing/usage-selection.ts'

const COMPLETENESS: readonly Completeness[] = ['read', 'forbidden', 'unsupported', 'failed']

const image = bareImage('1', { visibility: 'private', owner: 'p' })

const usage = (states: readonly Completeness[], isUsed: boolean): Usage => ({
  edges: isUsed
    ? [
        {
          image: image.ref,
          by: { kind: 'server', id: 's', name: null },
          relation: 'uses',
          via: 'servers[].image.id',
          evidence: 'declared',
          dependsOn: false,
        },
      ]
    : [],
  sources: states.map((completeness, at) =>
    completeness === 'read' ? { name: `list-${at}`, ...READ } : { name: `list-${at}`, completeness, reason: 'test' },
  ),
  view: { kind: 'project', project: 'p', shared: [] },
})

describe('createUsageFilter', () => {
  it('selects an image as unused only if every list was read and none has an edge', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...COMPLETENESS), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        (states, isUsed) => {
          const { isSelected } = createUsageFilter(usage(states, isUsed), ['unused'])
          expect(isSelected(image)).toBe(!isUsed && states.every((state) => state === 'read'))
        },
      ),
    )
  })

  it('selects an image as used whatever else was not read', () => {
    expect(createUsageFilter(usage(['read', 'failed'], true), ['used']).isSelected(image)).toBe(true)
  })

  it('counts images that are unknown only because other projects can use them', () => {
    const filter = createUsageFilter(usage(['read'], false), ['unused'])
    expect(filter.isSelected({ ...image, visibility: 'public' })).toBe(false)
    expect(filter.countUnknown()).toBe(1)
  })
})
