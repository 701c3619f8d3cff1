import { describe, expect, it } from '@jest/globals'
import { readYamlRecords } from '../../src/input/yaml.ts'

/** Seven lists, each of which contains the previous one 400 levels deep. */
const nestOfAliases = Array.from(
  { length: 7 },
  (_, index) => `- &a${index} ${'['.repeat(400)}${index === 0 ? 'x' : `*a${index - 1}`}${']'.repeat(400)}\n`,
).join('')

const bomb = [
  'a: &a [x,x,x,x,x,x,x,x,x]',
  ...Array.from(
    { length: 8 },
    (_, index) => `${'bcdefghi'[index]}: &${'bcdefghi'[index]} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(',')}]`,
  ),
].join('\n')

const readValue = (text: string): unknown => {
  const read = readYamlRecords(`v: ${text}\n`)
  return 'records' in read ? (read.records[0]?.record as { readonly v: unknown } | undefined)?.v : read
}

const toProblem = (text: string): { readonly problem: string; readonly line: number; readonly offset: number } => {
  const read = readYamlRecords(text)
  if (!('problem' in read)) throw new Error('it was read')
  return read
}

describe('readYamlRecords', () => {
  it.each<[string, string, unknown]>([
    ['a record', 'id: a\nname: n', [{ pointer: '', record: { id: 'a', name: 'n' }, line: 1 }]],
    [
      'a list',
      '- id: a\n- id: b',
      [
        { pointer: '/0', record: { id: 'a' }, line: 1 },
        { pointer: '/1', record: { id: 'b' }, line: 2 },
      ],
    ],
    ['an envelope', 'images:\n- id: a', [{ pointer: '/images/0', record: { id: 'a' }, line: 2 }]],
    [
      'documents',
      'id: a\n---\nid: b\n',
      [
        { pointer: '', record: { id: 'a' }, line: 1 },
        { pointer: '', record: { id: 'b' }, line: 3 },
      ],
    ],
    ['an alias', 'x: &x {id: a}\nimages: [*x]', [{ pointer: '/images/0', record: { id: 'a' }, line: 1 }]],
    ['JSON', '[{"id": "a"}]', [{ pointer: '/0', record: { id: 'a' }, line: 1 }]],
    ['nothing', '', []],
  ])('reads %s', (_, text, records) => {
    expect(readYamlRecords(text)).toEqual({ records })
  })

  it('reads __proto__ as an ordinary key', () => {
    const read = readYamlRecords('id: a\n__proto__: {polluted: true}')
    const record = ('records' in read ? read.records[0]?.record : null) as Record<string, unknown>
    expect(Object.keys(record)).toEqual(['id', '__proto__'])
    expect(Object.getPrototypeOf(record)).toBe(Object.prototype)
  })

  it.each([
    ['a syntax error', 'id: a\nname: [', 13],
    ['a duplicate key', 'id: a\nid: b', 6],
    ['a bomb of aliases', bomb, null],
    ['an alias without an anchor', 'a: *nowhere', 3],
    ['a recursive alias', 'a: &a [*a]', 7],
    ['a merge of a scalar', '<<: 5', null],
    ['a key that is a list', '? [a]\n: b', null],
    ['nesting deeper than the stack', `a: ${'['.repeat(50_000)}`, null],
    ['nesting of one alias in another', nestOfAliases, null],
  ])('reports %s with its offset', (_, text, offset) => {
    const { problem, offset: at } = toProblem(text)
    expect(problem).toMatch(/^[^\n]+[^\n:]$/)
    if (offset !== null) expect(at).toBe(offset)
  })

  it('reports the line of a problem', () => {
    expect(toProblem('id: a\nname: x\ntags: *gone\n')).toMatchObject({
      line: 3,
      problem: 'an alias refers to an unknown anchor',
    })
  })
})

describe('aliases and merges', () => {
  it('expands an alias that is used many times', () => {
    const location = '    cloud: acme\n    region: R1\n'
    const text = `- id: a0\n  location: &id001\n${location}${Array.from({ length: 2000 }, (_, index) => `- id: a${index + 1}\n  location: *id001\n`).join('')}`
    const read = readYamlRecords(text)
    expect('records' in read ? read.records.length : read).toBe(2001)
    expect('records' in read ? read.records[2000]?.record : read).toEqual({
      id: 'a2000',
      location: { cloud: 'acme', region: 'R1' },
    })
  })

  it.each([
    ['of texts', bomb],
    ['of nothing', bomb.replace('[x,x,x,x,x,x,x,x,x]', '[[],[],[],[],[],[],[],[],[]]')],
    [
      'of mappings',
      Array.from(
        { length: 40 },
        (_, index) => `a${index}: &a${index} {${index === 0 ? 'k: v' : `x: *a${index - 1}, y: *a${index - 1}`}}`,
      ).join('\n'),
    ],
  ])('refuses a bomb %s immediately', (_, text) => {
    const huge = text.includes('&a39')
      ? text
      : text.replace(/$/, `\nj: &j [${Array(9).fill('*i').join(',')}]\nk: [${Array(9).fill('*j').join(',')}]`)
    expect(toProblem(huge).problem).toBe('its aliases expand to more than 64 MiB')
  })

  it('reads a mapping of many keys in linear time', () => {
    const read = readYamlRecords(Array.from({ length: 50_000 }, (_, index) => `k${index}: v`).join('\n'))
    expect('records' in read && Object.keys(read.records[0]?.record as object)).toHaveLength(50_000)
  })

  it('merges <<, with precedence for the mapping’s own keys, and reads a quoted << as a key', () => {
    const read = readYamlRecords(
      'a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: {<<: [*a, *b], z: 3}\nd: {"<<": 4}\ne: <<\n',
    )
    expect('records' in read ? read.records[0]?.record : read).toMatchObject({
      c: { x: 1, y: 1, z: 3 },
      d: { '<<': 4 },
      e: '<<',
    })
  })
})

describe('scalars, compared with PyYAML', () => {
  // Compared with PyYAML 6.0.4: yaml.safe_load('v: …'), and the texts that its dumper leaves unquoted.
  it.each<[string, unknown]>([
    ['09', '09'],
    ['08', '08'],
    ['0o14', '0o14'],
    ['014', 12],
    ['0b1', 1],
    ['-0b11', -3],
    ['0x1F', 31],
    ['0xG', '0xG'],
    ['1_000', 1000],
    ['_1', '_1'],
    ['1:30', 90],
    ['1:60', '1:60'],
    ['01:30', '01:30'],
    ['190:20:30', 685_230],
    ['190:20:30.15', 685_230.15],
    ['1e3', '1e3'],
    ['1.0e3', '1.0e3'],
    ['1.0e+3', 1000],
    ['1e+3', '1e+3'],
    ['.5', 0.5],
    ['-.5', '-.5'],
    ['1.', 1],
    ['685_230.15', 685_230.15],
    ['0e462097431906509019562988736854', '0e462097431906509019562988736854'],
    ['1234567890123456789012345678e123', '1234567890123456789012345678e123'],
    ['yes', true],
    ['No', false],
    ['on', true],
    ['OFF', false],
    ['true', true],
    ['FALSE', false],
    ['y', 'y'],
    ['n', 'n'],
    ['yEs', 'yEs'],
    ['~', null],
    ['', null],
    ['Null', null],
    ['nULL', 'nULL'],
    ['None', 'None'],
    ['=', '='],
    ['a:b', 'a:b'],
    ['1.2.3', '1.2.3'],
    ['.', '.'],
  ])('resolves %s', (text, value) => expect(readValue(text)).toEqual(value))

  it.each(['.inf', '-.INF', '.NaN', '2001-12-14', '2001-12-14t21:59:43.10-05:00', '12345678901234567890', '1.0e+30'])(
    'reads %s, which JSON cannot represent, as text',
    (text) => expect(readValue(text)).toBe(text),
  )

  it('reads quoted and block scalars as text', () => {
    for (const text of ['"012"', "'yes'", '!!str 09', '! 5', '|\n  5\n', '!!python/unicode "1"', '!!python/str 1'])
      expect(typeof readValue(text)).toBe('string')
  })

  it('follows explicit tags', () => {
    expect(readValue('!!int "3"')).toBe(3)
    expect(readValue('!!python/tuple [1, a]')).toEqual([1, 'a'])
    expect(readValue('!!binary d2Vi')).toBe('web')
  })

  it('reads keys as text', () => {
    const read = readYamlRecords('yes: a\n010: b\n1_0: c\n~: d\n')
    expect('records' in read && Object.keys(read.records[0]?.record as object)).toEqual(['yes', '010', '1_0', '~'])
  })

  it('reads a document with %YAML 1.2 by the core schema', () => {
    const read = readYamlRecords('%YAML 1.2\n---\na: 09\nb: 0o17\nc: yes\nd: 1e3\ne: 1_000\nf: true\ng: 1:30\n')
    expect('records' in read ? read.records[0]?.record : read).toEqual({
      a: 9,
      b: 15,
      c: 'yes',
      d: 1000,
      e: '1_000',
      f: true,
      g: '1:30',
    })
  })
})

describe('Python objects', () => {
  it.each([
    ['a dict in a list', "- {'id': 'a', 'checksum': None}"],
    ['a dict without None', "x: {'id': 'a', 'protected': False}"],
    ['a dict whose quotes were replaced', 'x: {"id": "a", "checksum": None}'],
    ['an object', '!!python/object:openstack.image.v2.image.Image\nid: a\n'],
    ['a call', 'v: !!python/object/apply:collections.OrderedDict\n- - [id, a]\n'],
    ['a name', 'v: !!python/name:os.system\n'],
  ])('refuses %s as Python’s', (_, text) => expect(toProblem(text).problem).toMatch(/Python/))

  it('reads an unquoted None as text', () => expect(readValue('{name: None}')).toEqual({ name: 'None' }))
  it('refuses binary data that is not text', () =>
    expect(toProblem('v: !!binary /////w==')).toMatchObject({
      problem: 'a value is binary data (!!binary), not text',
      line: 1,
    }))
})

describe('concatenated records without ---', () => {
  const show = (id: string, ...more: readonly string[]): string =>
    [...more, `id: ${id}`, 'name: n', 'visibility: public', ''].join('\n')
  const ids = (text: string): unknown => {
    const read = readYamlRecords(text)
    return 'records' in read ? read.records.map(({ record }) => (record as { readonly id: unknown }).id) : read.problem
  }

  it('reads several outputs of `openstack image show -f yaml` as separate records', () => {
    expect(ids(show('a', 'checksum: x') + show('b') + show('c', 'checksum: z'))).toEqual(['a', 'b', 'c'])
    const read = readYamlRecords(show('a') + show('b', 'checksum: y'))
    expect('records' in read ? read.records : read).toEqual([
      { pointer: '', line: 1, record: { id: 'a', name: 'n', visibility: 'public' } },
      { pointer: '', line: 4, record: { checksum: 'y', id: 'b', name: 'n', visibility: 'public' } },
    ])
  })

  it('reports a duplicate key when the end of a record is unknown', () => {
    expect(ids('name: n\nid: a\nname: m\nid: b\n')).toBe('Map keys must be unique')
    expect(ids('id: a\nname: n\nname: m\n')).toBe('Map keys must be unique')
  })
})
