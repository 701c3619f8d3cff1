import { describe, expect, test } from '@jest/globals'
import { didYouMean } from '../src/suggest.ts'

describe('didYouMean', () => {
  test.each([
    ['nmae', ' Did you mean name?'],
    ['statsu', ' Did you mean status?'],
    ['architekture', ' Did you mean architecture?'],
    ['xxxxxx', ''],
  ])('%s%s', (typed, answer) => {
    expect(didYouMean(typed, ['name', 'status', 'architecture'])).toBe(answer)
  })

  test('nothing is known', () => {
    expect(didYouMean('name', [])).toBe('')
  })
})
