import { describe, expect, it } from '@jest/globals'
import { didYouMean } from '../src/suggest.ts'

describe('didYouMean', () => {
  it.each([
    ['nmae', '. Did you mean name?'],
    ['statsu', '. Did you mean status?'],
    ['architekture', '. Did you mean architecture?'],
    ['xxxxxx', ''],
    ['foo', ''],
  ])('returns a suggestion for %s: %j', (typed, answer) => {
    expect(didYouMean(typed, ['name', 'status', 'architecture'])).toBe(answer)
  })

  it('returns an empty text when no word is known', () => {
    expect(didYouMean('name', [])).toBe('')
  })
})
