import { describe, expect, it } from '@jest/globals'
import { findMetadataProblems, type MetadataRules, type NewImage } from '@imago/core'

const image = (rest: Partial<NewImage>): NewImage => ({ name: 'web', diskFormat: 'raw', ...rest })

const RULES: MetadataRules = {
  name: { maxLength: 5, pattern: null, reserved: [], requirement: '' },
  labelKey: { maxLength: null, pattern: '^[a-z]+$', reserved: ['own', 'service.*'], requirement: 'be letters' },
  labelValue: { maxLength: null, pattern: '^[a-z]*$', reserved: [], requirement: 'be letters' },
  tag: { maxLength: 3, pattern: null, reserved: [], requirement: '' },
}

describe('findMetadataProblems', () => {
  it('accepts everything without rules', () =>
    expect(
      findMetadataProblems(
        image({ name: 'x'.repeat(1e6), labels: { '?': '?' }, tags: [''], properties: { '': '' } }),
        {},
      ),
    ).toEqual([]))

  it('counts code points, not UTF-16 code units', () => {
    expect(findMetadataProblems(image({ name: '🚀'.repeat(5) }), RULES)).toEqual([])
    expect(findMetadataProblems(image({ name: '🚀'.repeat(6) }), RULES)).toEqual([
      'the name "🚀🚀🚀🚀🚀🚀" is longer than 5 characters',
    ])
  })

  it.each([
    [{ labels: { own: 'x' } }, 'the label key "own" is reserved'],
    [{ labels: { 'service.a': 'x' } }, 'the label key "service.a" is reserved'],
    [{ labels: { A: 'x' } }, 'the label key "A" is not accepted: it must be letters'],
    [{ labels: { a: 'two words' } }, 'in the label "a", the value "two words" is not accepted: it must be letters'],
    [{ tags: ['ok', 'long'] }, 'the tag "long" is longer than 3 characters'],
  ])('finds the problem of %j: %s', (rest, problem) =>
    expect(findMetadataProblems(image(rest), RULES)).toEqual([problem]),
  )

  it('returns a problem for each invalid text, and shortens long ones', () => {
    const problems = findMetadataProblems(image({ name: 'x'.repeat(1e6), labels: { B: '' } }), RULES)
    expect(problems).toEqual([
      `the name "${'x'.repeat(40)}…" is longer than 5 characters`,
      'the label key "B" is not accepted: it must be letters',
    ])
  })
})
