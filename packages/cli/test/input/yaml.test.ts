import { describe, expect, test } from '@jest/globals'
import { recordsOfYaml } from '../../src/input/yaml.ts'

/** Each of seven lists holds the one before it, 400 levels down. */
const nestOfAliases = Array.from({ length: 7 }, (_, index) => `- &a${index} ${'['.repeat(400)}${index === 0 ? 'x' : `*a${index - 1}`}${']'.repeat(400)}\n`).join('')

const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]', ...Array.from({ length: 8 }, (_, index) => `${'bcdefghi'[index]}: &${'bcdefghi'[index]} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(',')}]`)].join('\n')

describe('recordsOfYaml', () => {
  test.each<[string, string, unknown]>([
    ['a record', 'id: a\nname: no', [{ pointer: '', record: { id: 'a', name: 'no' } }]],
    ['a list', '- id: a\n- id: b', [{ pointer: '/0', record: { id: 'a' } }, { pointer: '/1', record: { id: 'b' } }]],
    ['an envelope', 'images:\n- id: a', [{ pointer: '/images/0', record: { id: 'a' } }]],
    ['documents', 'id: a\n---\nid: b\n', [{ pointer: '', record: { id: 'a' } }, { pointer: '', record: { id: 'b' } }]],
    ['an alias', 'x: &x {id: a}\nimages: [*x]', [{ pointer: '/images/0', record: { id: 'a' } }]],
    ['JSON', '[{"id": "a"}]', [{ pointer: '/0', record: { id: 'a' } }]],
    ['nothing', '', []],
  ])('%s', async (_, text, records) => {
    expect(recordsOfYaml(text)).toEqual({ records })
  })

  test('__proto__ is an ordinary key', async () => {
    const read = recordsOfYaml('id: a\n__proto__: {polluted: true}')
    const record = ('records' in read ? read.records[0]?.record : null) as Record<string, unknown>
    expect(Object.keys(record)).toEqual(['id', '__proto__'])
    expect(Object.getPrototypeOf(record)).toBe(Object.prototype)
  })

  test.each([
    ['a syntax error', 'id: a\nname: [', 13],
    ['two keys that are one', 'id: a\nid: b', 6],
    ['a bomb of aliases', bomb, 0],
    ['an alias of nothing', 'a: *nowhere', 0],
    ['nesting deeper than the stack', `a: ${'['.repeat(50_000)}`, null],
    ['nesting of one alias in another', nestOfAliases, 0],
  ])('%s is told with its offset', async (_, text, offset) => {
    const read = recordsOfYaml(text)
    if (!('problem' in read)) throw new Error('it was read')
    expect(read.problem).toMatch(/^[^\n]+[^\n:]$/)
    if (offset !== null) expect(read.offset).toBe(offset)
  })
})
