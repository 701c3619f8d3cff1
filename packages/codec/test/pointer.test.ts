import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { toPointerStep, toPointer } from '../src/index.ts'

describe('toPointer', () => {
  it('escapes keys as RFC 6901 does', () => {
    expect(toPointer([])).toBe('')
    expect(toPointer(['images', 3, 'id'])).toBe('/images/3/id')
    // The examples of section 5.
    expect(['', 'a/b', 'c%d', 'e^f', 'g|h', 'i\\j', 'k"l', ' ', 'm~n'].map(toPointerStep)).toEqual([
      '/',
      '/a~1b',
      '/c%d',
      '/e^f',
      '/g|h',
      '/i\\j',
      '/k"l',
      '/ ',
      '/m~0n',
    ])
    expect(toPointerStep('~1')).toBe('/~01')
  })

  it('can be reversed', () => {
    const parsePointer = (pointer: string): readonly string[] =>
      pointer
        .split('/')
        .slice(1)
        .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    const key = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('~', '/', '0', '1') }))
    fc.assert(fc.property(fc.array(key), (keys) => expect(parsePointer(toPointer(keys))).toEqual(keys)))
  })
})
