import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { pointerStep, toPointer } from '../src/index.ts'

test('pointers are those of RFC 6901', () => {
  expect(toPointer([])).toBe('')
  expect(toPointer(['images', 3, 'id'])).toBe('/images/3/id')
  // The examples of section 5.
  expect(['', 'a/b', 'c%d', 'e^f', 'g|h', 'i\\j', 'k"l', ' ', 'm~n'].map(pointerStep)).toEqual(['/', '/a~1b', '/c%d', '/e^f', '/g|h', '/i\\j', '/k"l', '/ ', '/m~0n'])
  expect(pointerStep('~1')).toBe('/~01')
})

test('a pointer leads back to its keys', () => {
  const keysOf = (pointer: string): readonly string[] => pointer.split('/').slice(1).map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  const key = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('~', '/', '0', '1') }))
  fc.assert(fc.property(fc.array(key), (keys) => expect(keysOf(toPointer(keys))).toEqual(keys)))
})
