import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { isTooDeep, findJsonExcess, MAX_JSON_DEPTH, MAX_JSON_VALUES } from '../../src/reader/json-bounds.ts'

const MOST = MAX_JSON_DEPTH
const nested = (depth: number, open: string, inner: string, close: string): string =>
  open.repeat(depth) + inner + close.repeat(depth)

const computeDepth = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(computeDepth)) : 0

describe('isTooDeep', () => {
  it.each([
    ['lists', '[', ']', 0],
    ['objects', '{"a":', '}', 0],
    ['lists in objects after other members', '{"a":[{}],"b":', '}', 2],
    ['strings with closing brackets', '["]}\\"]",', ']', 0],
    ['strings that end in a backslash', '["\\\\",', ']', 0],
    ['lists after empty lists', '[[],', ']', 1],
  ])('accepts %s up to the limit', (_, open, close, beside) => {
    expect(isTooDeep(nested(MOST - beside, open, '1', close))).toBe(false)
    expect(isTooDeep(nested(MOST - beside + 1, open, '1', close))).toBe(true)
  })

  it('uses the limit of the caller', () => {
    expect(isTooDeep('[[[]]]', 3)).toBe(false)
    expect(isTooDeep('[[[]]]', 2)).toBe(true)
  })

  it('ignores brackets in strings and brackets at the same level', () => {
    expect(isTooDeep(JSON.stringify({ text: '[{"'.repeat(MOST * 2) }))).toBe(false)
    expect(isTooDeep(`[${'[{}],'.repeat(MOST * 2)}1]`)).toBe(false)
  })

  it('is exact for any output of JSON.stringify', () => {
    const value = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        fc.string({ unit: fc.constantFrom('[', '{', ']', '}', '"', '\\', 'a') }),
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(fc.string({ unit: fc.constantFrom('"', '\\', '{', 'b') }), tie('tree'), { maxKeys: 4 }),
      ),
    })).tree
    fc.assert(
      fc.property(value, (inner) => {
        const text = JSON.stringify(inner)
        const room = MOST - computeDepth(inner)
        expect(isTooDeep(nested(room, '[', text, ']'))).toBe(false)
        expect(isTooDeep(nested(room + 1, '[', text, ']'))).toBe(true)
      }),
    )
  })

  it('accepts text that is not JSON', () => {
    for (const text of ['', '"', `${'['.repeat(MOST)}"`, ']'.repeat(MOST * 2)]) expect(isTooDeep(text)).toBe(false)
  })
})

describe('bounds of JSON input', () => {
  it('MAX_JSON_DEPTH is within the limits of JSON.stringify', () => {
    const text = nested(MOST, '[', '1', ']')
    expect(JSON.stringify(JSON.parse(text))).toBe(text)
  })

  describe('findJsonExcess', () => {
    it('returns the exceeded bound, exactly from the first excess', () => {
      expect(findJsonExcess(nested(MOST, '[', '', ']'))).toBe(null)
      expect(findJsonExcess(nested(MOST + 1, '[', '', ']'))).toBe('is nested deeper than 2048 levels')
      expect(findJsonExcess(`[${'1,'.repeat(MAX_JSON_VALUES - 1)}1]`)).toBe(null)
      expect(findJsonExcess(`[${'1,'.repeat(MAX_JSON_VALUES)}1]`)).toBe('has more than 1000000 values')
      expect(findJsonExcess(`[${'{},'.repeat(MAX_JSON_VALUES)}1]`)).toBe('has more than 1000000 values')
    })

    it('ignores commas in strings', () => {
      expect(findJsonExcess(JSON.stringify(['1,\\",'.repeat(MAX_JSON_VALUES)]))).toBe(null)
    })
  })
})
