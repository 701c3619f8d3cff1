import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parse, stringify } from 'yaml'
import { writeYamlList } from '../../src/output/yaml-text.ts'
import { glance, hetzner, HOSTILE } from '../records.ts'

/** What readers of both versions find, with dates left as text. */
const read = (text: string, version: '1.1' | '1.2'): unknown => parse(text, { version, maxAliasCount: 0 }) as unknown

const WORDS: readonly string[] = [
  ['', ' ', '~', 'null', 'Null', 'true', 'YES', 'no', 'On', 'off', 'y', 'N', '.inf', '-.Inf', '.nan', '<<', '='],
  [
    '0',
    '-1',
    '007',
    '0o7',
    '0x1f',
    '0b1',
    '0b101',
    '1_000',
    '1e3',
    '12e4567',
    '1.',
    '.5',
    '1:30:00',
    '0abc',
    'e5',
    'E-5',
    '5e-3',
  ],
  [
    '2024-01-01',
    '2024-01-01T00:00:00Z',
    '2024-1-1 1:00:00',
    '- a',
    '-',
    '--- ',
    '...',
    '? a',
    ': a',
    'a: b',
    'a:',
    'a #b',
    '#a',
  ],
  ['&a', '*a', '!!str a', '|', '>', '@a', '`a`', '%YAML', '{a', '[a', 'a, b', "'a'", '"a"', 'a\\b', 'a ', ' a', 'a  b'],
  ['a\nb', '\n', 'a\r', '\t', '\u0085', '\u2028', '\ufeff', '\ud800', '\udc00x', '😀', '\x1b[31m', '\0', '__proto__'],
  ['a'.repeat(2000), 'f'.repeat(1200), 'x '.repeat(700), HOSTILE],
].flat()
const words = fc.constantFrom(...WORDS)
const texts = fc.oneof(words, fc.string({ unit: 'binary' }), fc.string(), fc.stringMatching(/^[\da-fxob_.:+-]{1,12}$/))
const { value: values } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    texts,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(texts, tie('value')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries) as unknown),
  ),
}))

describe('writeYamlList', () => {
  it('writes what readers of YAML 1.2 and 1.1 read back, for any values', () => {
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 4 }), (list) => {
        const text = writeYamlList(list)
        expect(read(text, '1.2')).toEqual(list)
        // In 1.1, `<<` is a key that merges maps, if it is not quoted; numbers such as 1e21 are texts.
        if (!/\de[+-]?\d/.test(text)) expect(read(text, '1.1')).toEqual(list)
      }),
      { numRuns: 1000 },
    )
  })

  it.each([
    [
      'texts',
      ['ubuntu', 'Ubuntu 24.04 (LTS)', '/v2/images/a', '3c6ef362-daa6-478d-8171-b54cda265df7', '00001', 'no', 'a: b'],
    ],
    ['images', [glance(), hetzner()]],
    ['nested lists and maps', [{ a: [], b: {}, c: [[1, 2], [[]]], d: [{ e: 1, f: [{ g: null }] }] }]],
  ])('writes %s as the library does', (_, list) => {
    const options = { lineWidth: 0, aliasDuplicateObjects: false, compat: 'yaml-1.1' } as const
    expect(writeYamlList(list)).toBe(stringify(list, options))
  })

  it('escapes control characters', () => {
    expect(writeYamlList(['\x1b[31m\u009b\u202e'])).toBe('- "\\u001b[31m\\u009b\\u202e"\n')
  })
})
