import { describe, expect, it } from '@jest/globals'
import { formatSuggestion } from '../src/format-suggestion.ts'

describe('formatSuggestion', () => {
  it.each([
    ['nmae', '. Did you mean name?'],
    ['statsu', '. Did you mean status?'],
    ['architekture', '. Did you mean architecture?'],
    ['xxxxxx', ''],
    ['foo', ''],
  ])('returns a suggestion for %s: %j', (typed, answer) => {
    expect(formatSuggestion(typed, ['name', 'status', 'architecture'])).toBe(answer)
  })

  it('returns an empty text when no word is known', () => {
    expect(formatSuggestion('name', [])).toBe('')
  })
})
