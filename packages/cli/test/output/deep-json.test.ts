import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { deepJson } from '../../src/output/deep-json.ts'
import { nested } from '../records.ts'

const deep = (inner: unknown): unknown => {
  let value = inner
  for (let level = 0; level < 50_000; level++) value = level % 2 === 0 ? [level, value, 'x'] : { a: value, ['__proto__']: null, '"': undefined }
  return value
}

describe('deepJson', () => {
  test('is JSON.stringify where that works', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => expect(deepJson(value)).toBe(JSON.stringify(value))))
    expect(deepJson({ a: undefined, b: 1 })).toBe('{"b":1}')
  })

  test('goes deeper than the stack', () => {
    const value: unknown = JSON.parse(nested(100_000))
    expect(deepJson(value) === nested(100_000)).toBe(true)
  })

  test('law: any value within a deep one is written as JSON.stringify writes it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (inner) => {
        expect(deepJson(deep(inner)).includes(`[0,${JSON.stringify(inner)},"x"]`)).toBe(true)
      }),
      { numRuns: 5 },
    )
  })

  test('other errors stay errors', () => {
    expect(() => deepJson({ a: 1n })).toThrow(TypeError)
  })
})
