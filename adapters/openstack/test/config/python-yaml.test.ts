import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { readJson, readYaml } from '../../src/config/python-yaml.ts'
import { isMapping, normalized, readText, type Value } from '../../src/config/value.ts'

const readScalar = (scalar: string): Value | undefined => {
  const document = readYaml(`a: ${scalar}`)
  return E.isRight(document) && isMapping(document.right) ? document.right.get('a') : undefined
}

// Expected values are the output of `yaml.safe_load` of PyYAML 6.0 and `str` of Python 3.11.
it.each<[string, Value, string | null]>([
  ['0123', 83n, '83'],
  ['08', '08', '08'],
  ['0o17', '0o17', '0o17'],
  ['0x1F', 31n, '31'],
  ['0b11', 3n, '3'],
  ['-0x1f', -31n, '-31'],
  ['+5', 5n, '5'],
  ['1_000', 1000n, '1000'],
  ['12345678901234567890', 12345678901234567890n, '12345678901234567890'],
  ['1:30', 90n, '90'],
  ['1e5', '1e5', '1e5'],
  ['1.5e+20', 1.5e20, '1.5e+20'],
  ['1.0', 1, '1.0'],
  ['.5', 0.5, '0.5'],
  ['1.5e-7', 1.5e-7, '1.5e-07'],
  ['123456789012345680.0', 123456789012345680, '1.2345678901234568e+17'],
  ['-.inf', -Infinity, '-inf'],
  ['yes', true, null],
  ['Off', false, null],
  ['y', 'y', 'y'],
  ['~', null, null],
  ['null', null, null],
  ['""', '', ''],
  ['"0123"', '0123', '0123'],
  ['2026-11-22', '2026-11-22', '2026-11-22'],
  ['!!str 123', '123', '123'],
])('reads the scalar %s', (scalar, value, text) => {
  expect(readScalar(scalar)).toEqual(value)
  expect(readText(readScalar(scalar))).toBe(text)
})

describe('YAML as PyYAML reads it', () => {
  it('normalizes keys at every depth and converts all numbers but two to text', () => {
    const document = readYaml('a-b: {c-d: 1, api-timeout: 30, list: [1]}\n5: x')
    const fixed = E.isRight(document) && isMapping(document.right) ? normalized(document.right) : null
    expect(fixed).toEqual(
      new Map<string, Value>([
        [
          'a_b',
          new Map<string, Value>([
            ['c_d', '1'],
            ['api_timeout', 30n],
            ['list', [1n]],
          ]),
        ],
        ['5', 'x'],
      ]),
    )
  })

  describe('readYaml', () => {
    it('parses any text, or reports only the position', () => {
      fc.assert(
        fc.property(
          fc.string({
            unit: fc.constantFrom(
              'a',
              ':',
              ' ',
              '\n',
              '-',
              '{',
              '}',
              '[',
              ']',
              '&',
              '*',
              '!',
              '"',
              "'",
              '<',
              '|',
              '#',
              '%',
              '0',
              '\t',
              '\u0000',
              'é',
            ),
          }),
          (text) => {
            for (const read of [readYaml, readJson]) {
              const result = read(text)
              if (E.isLeft(result))
                expect(result.left.what).toMatch(
                  /^(?:nested too deeply|invalid (?:JSON|YAML(?:: line \d+, column \d+)?))$/,
                )
            }
          },
        ),
        { numRuns: 500 },
      )
    })
  })
})
