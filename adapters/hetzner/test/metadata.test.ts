import { describe, expect, it } from '@jest/globals'
import { findMetadataProblems } from '@imago/core'
import fc from 'fast-check'
import { metadata } from '../src/metadata.ts'
import { findNewLabelProblem } from '../src/requests/labels.ts'

const part = fc.oneof(fc.stringMatching(/^[-A-Za-z0-9._/]{0,70}$/), fc.string())

describe('metadata rules of Hetzner', () => {
  it('the rules and requests refuse the same labels', () => {
    fc.assert(
      fc.property(fc.dictionary(part, part, { maxKeys: 2 }), (labels) => {
        fc.pre(Object.keys(labels).every((key) => !key.startsWith('imago')))
        expect(findMetadataProblems({ name: 'x', labels }, metadata).length > 0).toBe(
          findNewLabelProblem(labels) !== null,
        )
      }),
    )
  })

  it.each([
    'imago',
    'imago-run',
    'imago-run-epoch',
    'imago-bytes',
    'imago-name',
    'hetzner.cloud/x',
    '-a',
    'a b',
    'a/b/c',
    '',
    'x'.repeat(64),
    `${'p'.repeat(254)}/x`,
  ])('the key %p is refused', (key) =>
    expect(findMetadataProblems({ name: 'x', labels: { [key]: '' } }, metadata)).toHaveLength(1),
  )

  it.each(['a', 'A-1_2.b', 'x'.repeat(63), 'example.com/a', `${'p'.repeat(253)}/x`])('the key %p is accepted', (key) =>
    expect(findMetadataProblems({ name: 'x', labels: { [key]: '' } }, metadata)).toEqual([]),
  )
})
