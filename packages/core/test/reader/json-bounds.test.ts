import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { isTooDeep, findJsonExcess, MAX_JSON_DEPTH, MAX_JSON_VALUES } from '../../src/reader/json-bounds.ts'

const MOST = MAX_JSON_DEPTH
const nested = (depth: number, open: string, inner: string, close: string): string =>
  open.repeat(depth) + inner + close.repeat(depth)

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0

describe('isTooDeep', () => {
  test.each([
    ['lists', '[', ']', 0],
    ['objects', '{"a":', '}', 0],
    ['lists in objects behind other members', '{"a":[{}],"b":', '}', 2],
    ['strings that would close them', '["]}\\"]",', ']', 0],
    ['strings that end in a backslash', '["\\\\",', ']', 0],
    ['lists that close on the way', '[[],', ']', 1],
  ])('%s: up to the limit, and no deeper', (_, open, close, beside) => {
    expect(isTooDeep(nested(MOST - beside, open, '1', close))).toBe(false)
    expect(isTooDeep(nested(MOST - beside + 1, open, '1', close))).toBe(true)
  })

  test('up to a limit of the caller', () => {
    expect(isTooDeep('[[[]]]', 3)).toBe(false)
    expect(isTooDeep('[[[]]]', 2)).toBe(true)
  })

  test('brackets in strings, and side by side, have no depth', () => {
    expect(isTooDeep(JSON.stringify({ text: '[{"'.repeat(MOST * 2) }))).toBe(false)
    expect(isTooDeep(`[${'[{}],'.repeat(MOST * 2)}1]`)).toBe(false)
  })

  test('law: nesting that JSON.stringify spelled is told exactly', () => {
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
        const room = MOST - depthOf(inner)
        expect(isTooDeep(nested(room, '[', text, ']'))).toBe(false)
        expect(isTooDeep(nested(room + 1, '[', text, ']'))).toBe(true)
      }),
    )
  })

  test('text that is no JSON', () => {
    for (const text of ['', '"', `${'['.repeat(MOST)}"`, ']'.repeat(MOST * 2)]) expect(isTooDeep(text)).toBe(false)
  })
})

test('what is not too deep, JSON.stringify spells', () => {
  const text = nested(MOST, '[', '1', ']')
  expect(JSON.stringify(JSON.parse(text))).toBe(text)
})

describe('findJsonExcess', () => {
  test('of depth, and of values, to one', () => {
    expect(findJsonExcess(nested(MOST, '[', '', ']'))).toBe(null)
    expect(findJsonExcess(nested(MOST + 1, '[', '', ']'))).toBe('is nested deeper than 2048 levels')
    expect(findJsonExcess(`[${'1,'.repeat(MAX_JSON_VALUES - 1)}1]`)).toBe(null)
    expect(findJsonExcess(`[${'1,'.repeat(MAX_JSON_VALUES)}1]`)).toBe('has more than 1000000 values')
    expect(findJsonExcess(`[${'{},'.repeat(MAX_JSON_VALUES)}1]`)).toBe('has more than 1000000 values')
  })

  test('commas in strings are no values', () => {
    expect(findJsonExcess(JSON.stringify(['1,\\",'.repeat(MAX_JSON_VALUES)]))).toBe(null)
  })
})
