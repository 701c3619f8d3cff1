import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { fitsGlob } from '../src/glob.ts'

/** The meaning of a glob, by recursion: slow and plain. */
const fitsPlainly = (glob: string, text: string): boolean => {
  const [sign] = glob
  if (sign === undefined) return text === ''
  if (sign === '*') return fitsPlainly(glob.slice(1), text) || (text !== '' && fitsPlainly(glob, text.slice(1)))
  return text !== '' && (sign === '?' || text.startsWith(sign)) && fitsPlainly(glob.slice(1), text.slice(1))
}

describe('fitsGlob', () => {
  it.each([
    ['web-*', 'web-1', true],
    ['web-*', 'web', false],
    ['*', '', true],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['*.iso', 'debian-12-netinst.iso', true],
    ['Ubuntu', 'ubuntu', false],
  ])('%s %s: %s', (glob, text, expected) => expect(fitsGlob(glob, text)).toBe(expected))

  it('agrees with the plain definition', () => {
    const letters = (alphabet: string, maxLength: number) =>
      fc.array(fc.constantFrom(...alphabet), { maxLength }).map((all) => all.join(''))
    fc.assert(
      fc.property(letters('ab*?', 6), letters('ab', 8), (glob, text) => {
        expect(fitsGlob(glob, text)).toBe(fitsPlainly(glob, text))
      }),
      { numRuns: 2000 },
    )
  })

  it('does not take exponential time', () => expect(fitsGlob(`${'*a'.repeat(500)}b`, 'a'.repeat(2000))).toBe(false))
})
