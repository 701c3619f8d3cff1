import { describe, expect, it } from '@jest/globals'
import type { Input } from '../../src/input/open.ts'
import { readRecords } from '../../src/input/read-records.ts'
import { MAX_YAML_BYTES } from '../../src/input/read-text.ts'
import { Problem } from '../../src/problem.ts'
import { glance, nested } from '../records.ts'

interface Read {
  readonly records: { record: unknown; line: number | null; pointer: string; text: string | null }[]
  readonly problems: { reason: string; line: number | null; pointer: string; offset: number; fatal: boolean }[]
}

const createInput = (name: string, chunks: Iterable<string | Uint8Array | Error>): Input => ({
  name,
  size: null,
  bytesRead: () => 0,
  bytes: (async function* () {
    for (const chunk of chunks) {
      if (chunk instanceof Error) throw chunk
      yield await Promise.resolve(Buffer.from(chunk))
    }
  })(),
})

const read = async (
  text: string | readonly (string | Uint8Array | Error)[],
  name = 'dump',
  onRecord: () => void = () => undefined,
): Promise<Read> => {
  const result: Read = { records: [], problems: [] }
  await readRecords(createInput(name, typeof text === 'string' ? [text] : text), {
    record: (record, { line, pointer }, one) => {
      onRecord()
      result.records.push({ record, line, pointer, text: one })
    },
    problem: (reason, { line, pointer, offset }, fatal) =>
      void result.problems.push({ reason, line, pointer, offset, fatal }),
    flush: () => Promise.resolve(),
  })
  return result
}

const ids = ({ records }: Read) => records.map(({ record }) => (record as { id: unknown }).id)
const whole = glance()

describe('readRecords', () => {
  it.each<[string, string, readonly string[]]>([
    ['a bare object', '{"id":"a"}', ['']],
    ['a bare array', '[{"id":"a"},{"id":"b"}]', ['/0', '/1']],
    ['{images}', '{"images":[{"id":"a"},{"id":"b"}],"next":"/x"}', ['/images/0', '/images/1']],
    ['{image}', '{"image":{"id":"a"}}', ['/image']],
    ['{image, action}', '{"id":"a","image":{"id":"x"},"action":{"id":3}}', ['']],
    ['{server: {image}}', '{"server":{"id":5,"server_type":{},"image":{"id":"a"}}}', ['/server/image']],
    [
      '{servers}',
      '{"servers":[{"id":5,"server_type":{},"image":{"id":"a"}},{"id":6,"server_type":{},"image":null}]}',
      ['/servers/0/image'],
    ],
    ['a list of pages', '[{"images":[{"id":"a"}]},{"images":[{"id":"b"}]}]', ['/0/images/0', '/1/images/0']],
    ['NDJSON', '{"id":"a"}\n{"id":"b"}\n', ['', '']],
    ['NDJSON of pages', '{"images":[{"id":"a"}]}\n{"images":[{"id":"b"}]}\n', ['/images/0', '/images/0']],
    ['a byte order mark', '\ufeff{"id":"a"}', ['']],
    ['YAML', 'id: a', ['']],
    ['a list in YAML', '- id: a\n- id: b', ['/0', '/1']],
    ['an empty array', '[]', []],
    ['an empty list of images', '{"images":[]}', []],
  ])('reads %s', async (_, text, pointers) => {
    const got = await read(text)
    expect(got.problems).toEqual([])
    expect(got.records.map(({ pointer }) => pointer)).toEqual(pointers)
    expect(ids(got)).toEqual(['a', 'b'].slice(0, pointers.length))
  })

  it('counts lines from one, and returns the original text of a record', async () => {
    const { records } = await read('[\n  {"id": "a"},\n\n  {"id":\n"b"}]')
    expect(records).toMatchObject([
      { line: 2, text: '{"id": "a"}' },
      { line: 4, text: '{"id":\n"b"}' },
    ])
  })

  it('returns the same records for any chunks', async () => {
    const text = `\ufeff[${JSON.stringify({ ...whole, name: '雲' })},\n${JSON.stringify(whole, null, 2)}]`
    const cut = [...Buffer.from(text)].map((byte) => Uint8Array.of(byte))
    expect(await read(cut, 'dump.json')).toEqual(await read(text, 'dump.json'))
  })

  it('skips a malformed line of NDJSON, and reads the rest', async () => {
    const got = await read('{"id":"a"}\n{"id":"to\n{"id":"b"}\n')
    expect(ids(got)).toEqual(['a', 'b'])
    expect(got.problems).toMatchObject([{ line: 2, fatal: false }])
  })

  it('returns the records before the end of truncated JSON, and the offset', async () => {
    const text = '[{"id":"a"},{"id":"b"},{"id":"c'
    const got = await read(text)
    expect(ids(got)).toEqual(['a', 'b'])
    expect(got.problems).toMatchObject([{ fatal: true, pointer: '/2', offset: text.length }])
  })

  it('returns the records before the end of truncated NDJSON, and the offset', async () => {
    const text = '{"id":"a"}\n{"id":"b'
    const got = await read(text)
    expect(ids(got)).toEqual(['a'])
    expect(got.problems).toMatchObject([{ fatal: true, line: 2, offset: text.length }])
  })

  it('returns the records before a read error, and the offset', async () => {
    const got = await read(['{"id":"a"}\n', '{"id":"b"}\n', new Error('gone')])
    expect(ids(got)).toEqual(['a', 'b'])
    expect(got.problems).toEqual([{ reason: 'gone', line: null, pointer: '', offset: 22, fatal: true }])
  })

  it('does not report a bug in imago as an error of the input', async () => {
    const mistake = new TypeError('ours')
    await expect(
      read('{"id":"a"}', 'dump', () => {
        throw mistake
      }),
    ).rejects.toBe(mistake)
  })

  it.each<[string, string | readonly string[], string, RegExp]>([
    ['nothing', '', 'dump', /^dump: the input is empty$/],
    ['no chunks', [], 'dump.json', /the input is empty/],
    ['blank lines', '\n \n', 'dump', /the input is empty/],
    ['HTML', '\n<!doctype html><p>502 Bad Gateway', 'dump', /it is HTML or XML/],
    ['HTML called JSON', '<html>', 'dump.json', /it is HTML or XML/],
    ['a table of openstack', '+----+------+\n| ID | Name |', 'dump', /it is a table: .*-f json/],
    ['CSV', '"ID","Name"\n"a","b"\n', 'dump.csv', /it is CSV.*-f json/],
    ['CSV of hcloud’s columns', 'id,name,type\n1,a,b\n', 'dump', /it is CSV/],
    ['shell variables', 'checksum="abc"\nname="x"\n', 'dump', /shell variables/],
  ])('refuses %s', async (_, text, name, message) => {
    const refused = read(text, name)
    await expect(refused).rejects.toBeInstanceOf(Problem)
    await expect(refused).rejects.toThrow(message)
  })

  it('calls standard input stdin', async () => {
    await expect(read('<p>', '-')).rejects.toThrow(/^stdin: it is HTML/)
  })

  it('refuses text', async () => {
    expect((await read('15512617        system\n')).problems).toMatchObject([
      { reason: expect.stringContaining('neither JSON nor YAML'), fatal: true },
    ])
    expect((await read('*note')).problems).toMatchObject([
      { reason: expect.stringMatching(/^neither JSON nor YAML \(an alias .*\): save it with/), fatal: true, line: 1 },
    ])
    expect((await read('name: [')).problems).toMatchObject([
      { reason: expect.stringMatching(/^neither JSON nor YAML \(.*\): save it with/), fatal: true, line: 1 },
    ])
    expect((await read('id: a\nname: [', 'a.yaml')).problems).toMatchObject([
      { reason: expect.stringMatching(/^invalid YAML: /), fatal: true, line: 2 },
    ])
  })

  it.each(['a', 'a.yaml'])('reports YAML that it cannot read, from a file named %s', async (name) => {
    expect((await read('id: a\nid: b\n', name)).problems).toMatchObject([
      { reason: 'cannot read this YAML: Map keys must be unique', fatal: true, line: 2 },
    ])
  })

  it.each([
    ['UTF-8 with a byte order mark, as PowerShell writes', '\ufeff- ID: a\n  Name: x\n'],
    ['concatenated files with byte order marks', '\ufeff- ID: a\n\ufeff- ID: a\n'],
  ])('reads YAML: %s', async (_, text) => {
    const got = await read(text)
    expect(got.problems).toEqual([])
    expect(got.records[0]).toMatchObject({ record: { ID: 'a' }, line: 1 })
  })

  it('reports the line of invalid UTF-8, and reads no record with replaced characters', async () => {
    const latin1 = Buffer.from('{"id":"a"}\n{"id":"b","name":"J\u00fcrgen"}\n{"id":"c"}\n', 'latin1')
    const got = await read([latin1])
    expect(ids(got)).toEqual(['a', 'c'])
    expect(got.problems).toMatchObject([
      { line: 2, fatal: false, reason: expect.stringMatching(/^it is not UTF-8 \(byte 0xfc\)/) },
    ])
    await expect(read([Buffer.from('id: a\nname: J\u00fcrgen\n', 'latin1')], 'a.yaml')).rejects.toThrow(
      /^a\.yaml: line 2: it is not UTF-8/,
    )
  })

  it('refuses NUL characters', async () => {
    await expect(read('id: a\nname: "x\0y"\n', 'a.yaml')).rejects.toThrow(
      /^a\.yaml: line 2: it is not text, because it contains a NUL/,
    )
    expect((await read('{"id":"a\0"}', 'a.json')).problems).toHaveLength(1)
  })

  it.each(['a.json', 'a.txt', 'a.yaml', 'a'])('refuses Python’s notation in %s', async (name) => {
    for (const text of ["{'id': 'a', 'checksum': None}", "- {'id': 'a', 'checksum': None}\n", "[{'id': 'a'}]"])
      await expect(read(text, name)).rejects.toThrow(/Python’s notation/)
  })

  it('skips a line in Python’s notation, and reads the rest', async () => {
    const got = await read('{"id":"a"}\n{"id":"b","checksum":None}\n{"id":"c"}\n')
    expect(ids(got)).toEqual(['a', 'c'])
    expect(got.problems).toMatchObject([{ line: 2, reason: expect.stringMatching(/^it is Python’s notation/) }])
  })

  it('reads the output of Ansible whatever the name of the file', async () => {
    const text = 'localhost | SUCCESS => {\n    "changed": false,\n    "images": [\n        {"id": "a"}\n    ]\n}\n'
    for (const name of ['a.json', 'a.txt', 'a.yaml'])
      expect(await read(text, name)).toMatchObject({
        records: [{ record: { id: 'a' }, pointer: '/images/0', line: 1 }],
        problems: [],
      })
  })

  it('reports failed tasks, and skips tasks without images', async () => {
    const got = await read(
      'a | SUCCESS => {"changed": false, "images": [{"id": "a"}]}\nb | SUCCESS => {"ping": "pong"}\nc | FAILED! => {"failed": true, "msg": "no"}\n',
    )
    expect(got.records.map(({ record }) => record)).toEqual([{ id: 'a' }, { failed: true, msg: 'no' }])
  })

  it('passes scalars on as records, which readers refuse', async () => {
    expect((await read('123', 'dump.json')).records).toMatchObject([{ record: 123, pointer: '' }])
    expect((await read('null', 'dump.yaml')).records).toMatchObject([{ record: null, pointer: '' }])
  })

  it('limits the size of YAML', async () => {
    const chunk = Buffer.alloc(1024 * 1024, '# a comment\n')
    const chunks = function* (count: number) {
      yield 'id: a\n'
      for (let index = 0; index < count; index++) yield chunk
    }
    await expect(
      readRecords(createInput('big.yaml', chunks(MAX_YAML_BYTES / chunk.length)), {
        record: () => undefined,
        problem: () => undefined,
        flush: () => Promise.resolve(),
      }),
    ).rejects.toThrow('big.yaml: YAML is larger than 64 MiB, the limit of this format. Convert it to JSON')
  })

  it('reports nesting that is too deep, in a record or around it, and reads the other records', async () => {
    const odd = nested(100_000)
    const within = await read(`[{"id":"a","odd":${odd}},{"id":"b"}]`)
    expect(ids(within)).toEqual(['b'])
    expect(within.problems).toMatchObject([
      { reason: 'it is nested deeper than 2048 levels', pointer: '/0', fatal: false },
    ])
    const around = await read(`[${odd},{"id":"b"}]`)
    expect(ids(around)).toEqual(['b'])
    expect(around.problems).toMatchObject([
      { reason: 'it is nested deeper than 2048 levels', pointer: '/0', fatal: false },
    ])
    const line = await read(`{"id":"a","odd":${odd}}\n{"id":"b","odd":${nested(2000)}}\n`)
    expect(ids(line)).toEqual(['b'])
    expect(line.problems).toHaveLength(1)
  })
})
