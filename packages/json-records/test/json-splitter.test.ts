import { describe, expect, it } from '@jest/globals'
import { createJsonSplitter } from '../src/json-splitter.ts'
import type { JsonSplitterOptions } from '../src/json-splitter.ts'
import type { SplitProblem, SplitRecord, SplitText } from '../src/sink.ts'

interface Found {
  readonly records: readonly SplitRecord[]
  readonly malformed: readonly SplitText[]
  readonly problems: readonly SplitProblem[]
}

/** Splits an input pushed whole, and again byte by byte: both must find the same. */
function split(input: string | Uint8Array, options: Partial<JsonSplitterOptions> = {}): Found {
  const whole = splitInSteps(Buffer.from(input as string), Number.MAX_SAFE_INTEGER, options)
  expect(splitInSteps(Buffer.from(input as string), 1, options)).toEqual(whole)
  return whole
}

function splitInSteps(bytes: Buffer, step: number, options: Partial<JsonSplitterOptions>): Found {
  const found = { records: [] as SplitRecord[], malformed: [] as SplitText[], problems: [] as SplitProblem[] }
  const splitter = createJsonSplitter(
    { streamedKeys: new Set(['images', 'servers', 'a/b~c']), ...options },
    {
      record: (record) => found.records.push(record),
      malformed: (record) => found.malformed.push(record),
      problem: (problem) => found.problems.push(problem),
    },
  )
  for (let from = 0; from < bytes.length; from += step) splitter.push(bytes.subarray(from, from + step))
  splitter.end()
  return found
}

const places = (found: Found): string[] =>
  found.records.map(({ document, pointer, text }) => `${document}${pointer} ${text}`)
const reasons = (found: Found): string[] =>
  found.problems.map(({ fatal, line, offset, reason }) => `${line}@${offset}${fatal ? '!' : ''} ${reason}`)
const skipped = 'skipped to the next line that begins with "{" or "["'

describe('a splitter, for valid input', () => {
  it('emits each element of a top-level array', () => {
    const found = split(' [{"a":1}, [2,[3]] ,"x\\"y",-1.5e3,null]\n')
    expect(places(found)).toEqual(['0/0 {"a":1}', '0/1 [2,[3]]', '0/2 "x\\"y"', '0/3 -1.5e3', '0/4 null'])
    expect(found.records.map(({ value }) => value)).toEqual([{ a: 1 }, [2, [3]], 'x"y', -1500, null])
    expect(found.problems).toEqual([])
  })

  it('emits an empty top-level array as a record', () => {
    expect(places(split('[ ]\n[]'))).toEqual(['0 []', '1 []'])
  })

  it('emits the elements of streamed arrays, then the shell without them', () => {
    const found = split('{"first":"/v2","images":[ {"id":1},{"id":2} ],"tags":["x"],"servers":[],"images":3}')
    expect(places(found)).toEqual([
      '0/images/0 {"id":1}',
      '0/images/1 {"id":2}',
      '0 {"first":"/v2","images":[],"tags":["x"],"servers":[],"images":3}',
    ])
  })

  it('streams a key only directly in a top-level object, and only with an array', () => {
    const texts = [
      '{"a":"images","b":[1]}',
      '{"a":{"images":[1]}}',
      '{"images":{"0":[1]}}',
      '{"a":["images",[1]]}',
      '{"imagesx":[1]}',
    ]
    for (const text of texts) expect(places(split(text))).toEqual([`0 ${text}`])
    expect(places(split('[{"images":[1]}]'))).toEqual(['0/0 {"images":[1]}'])
  })

  it('unescapes keys, and escapes them in pointers', () => {
    expect(places(split('{"im\\u0061ges":[1]}'))).toEqual(['0/images/0 1', '0 {"im\\u0061ges":[]}'])
    expect(places(split('{"a\\/b~c":[1]}'))).toEqual(['0/a~1b~0c/0 1', '0 {"a\\/b~c":[]}'])
    expect(places(split('{"images\\":[1]}'))).toEqual([])
  })

  it('reads values separated by whitespace, record separators, byte order marks or nothing', () => {
    const found = split('\ufeff{"a":1}\r\n\u001e{"b":2}\n{"c":3}{"d":4}\t5 "x"[6]\n\ufeff{"e":7}')
    expect(places(found)).toEqual([
      '0 {"a":1}',
      '1 {"b":2}',
      '2 {"c":3}',
      '3 {"d":4}',
      '4 5',
      '5 "x"',
      '6/0 6',
      '7 {"e":7}',
    ])
    expect(found.problems).toEqual([])
  })

  it('reports lines and offsets of pretty-printed objects', () => {
    const [one, two, three] = [{ a: { b: [] } }, {}, { c: [{ d: 1 }, { e: '}' }] }].map((value) =>
      JSON.stringify(value, null, 2),
    )
    const found = split(`${one}\n${two}\n${three}\n`)
    expect(places(found)).toEqual([`0 ${one}`, `1 ${two}`, `2 ${three}`])
    expect(found.records.map(({ line, offset }) => [line, offset])).toEqual([
      [1, 0],
      [6, 29],
      [7, 32],
    ])
  })

  it('emits the original text', () => {
    expect(places(split('{"n": 1.50, "u": "\\u00e9é😀"\t}\r\n'))).toEqual(['0 {"n": 1.50, "u": "\\u00e9é😀"\t}'])
  })

  it('forgets a key at the next string', () => {
    expect(places(split('{"images":[1],"b":[2]}'))).toEqual(['0/images/0 1', '0 {"images":[],"b":[2]}'])
    expect(places(split('{"images":[1],[2]}'))).toEqual(['0/images/0 1', '0/images/0 2'])
  })

  it('emits the same when its guesses are wrong', () => {
    for (const line of [
      '{"images":[{"id":[{"id":1},{"id":2}]},{"id":3}]}\n',
      '[[{"id":1},\n{"id":2}],\n  {\n "id":4}]\n',
    ]) {
      let parsed = 0
      const parse = (text: string): unknown => {
        parsed += 1
        return JSON.parse(text)
      }
      const { records } = splitInSteps(Buffer.from(line.repeat(500)), 1 << 20, { parse })
      expect(records.length).toBeGreaterThanOrEqual(1000)
      expect(parsed - records.length).toBeLessThan(20)
    }
  })

  it('calls a custom parser', () => {
    expect(split('[1,{"a":2}]', { parse: (text) => ({ text }) }).records.map(({ value }) => value)).toEqual([
      { text: '1' },
      { text: '{"a":2}' },
    ])
  })
})

describe('a splitter, for an invalid record', () => {
  it('reports the record and continues with the next', () => {
    const found = split('[{"a" 1},{"b":2],{"c":3}]\n{"d":01}\n{"e":5}\n')
    expect(found.malformed.map(({ pointer, text }) => `${pointer} ${text}`)).toEqual([
      '/0 {"a" 1}',
      '/1 {"b":2]',
      ' {"d":01}',
    ])
    expect(places(found)).toEqual(['0/2 {"c":3}', '2 {"e":5}'])
    expect(found.problems).toEqual([])
  })

  it('skips and reports a record that is too long', () => {
    const long = `{"a":"${'x'.repeat(100)}"}`
    const found = split(`{"images":[{"b":1},${long},{"c":2}],"d":1}\n${long}\n{"e":3}`, { maxRecordBytes: 50 })
    expect(places(found)).toEqual(['0/images/0 {"b":1}', '0/images/2 {"c":2}', '0 {"images":[],"d":1}', '2 {"e":3}'])
    expect(found.problems).toEqual([
      {
        reason: 'a record of 108 bytes was skipped: the limit is 50 bytes',
        offset: 19,
        line: 1,
        pointer: '/images/1',
        fatal: false,
      },
      {
        reason: 'a record of 108 bytes was skipped: the limit is 50 bytes',
        offset: 144,
        line: 2,
        pointer: '',
        fatal: false,
      },
    ])
  })

  it('reports invalid UTF-8 with its line, and accepts U+FFFD in the input', () => {
    const found = split(
      Buffer.concat([Buffer.from('["\ufffd",{"a":\n"'), Buffer.from([0xc3, 0x28]), Buffer.from('"},"b"]')]),
    )
    expect(places(found)).toEqual(['0/0 "\ufffd"', '0/2 "b"'])
    expect(found.problems).toMatchObject([{ pointer: '/1', line: 2, offset: 14, fatal: false }])
    expect(found.problems[0]!.reason).toBe(
      'it is not UTF-8 (byte 0xc3), perhaps Latin-1 or Windows-1252: convert it with iconv -f WINDOWS-1252 -t UTF-8',
    )
  })
})

describe('a splitter, for errors between records', () => {
  it('reports a missing or trailing comma in a streamed array and loses nothing', () => {
    const found = split('[1 2,{"a":3}\n{"b":4},]')
    expect(places(found)).toEqual(['0/0 1', '0/1 2', '0/2 {"a":3}', '0/3 {"b":4}'])
    expect(reasons(found)).toEqual([
      '1@3 expected "," or "]" after an element, found "2"',
      '2@13 expected "," or "]" after an element, found "{"',
      '2@21 expected a value after ","',
    ])
  })

  it('ends at any other error in a streamed array that spans lines', () => {
    expect(reasons(split('[\n  1,\n  :2]\n{"a":1}'))).toEqual(['3@9! expected a value in an array, found ":"'])
    expect(reasons(split('[\n  1}\n{"a":1}'))).toEqual(['2@5! expected "," or "]" after an element, found "}"'])
    expect(reasons(split('{\n"images": [,]}'))).toEqual(['2@13! expected a value in an array, found ","'])
  })

  it('continues at the next line with a value after a stray character', () => {
    const found = split('{"a":1}\n}{"lost":1}\nname: x\n{"b":2}\n\u0000\n')
    expect(places(found)).toEqual(['0 {"a":1}', '1 {"b":2}'])
    expect(reasons(found)).toEqual([
      `2@8 expected a JSON value, found "}"; ${skipped}`,
      `5@36 expected a JSON value, found byte 0x00; ${skipped}`,
    ])
  })

  it('takes part of a byte order mark for a stray character', () => {
    expect(reasons(split(Buffer.from([0xef, 0xbb, 0x7b, 0x7d])))).toEqual([
      `1@2 expected a JSON value, found "{"; ${skipped}`,
    ])
    expect(reasons(split(Buffer.from([0xef, 0xbb])))).toEqual(['1@2! the input ends inside a byte order mark'])
  })
})

describe('a splitter, for a line that was cut off', () => {
  it('reports a string that is not closed and continues at the next line', () => {
    const found = split('{"a":1}\n{"b":"x\n{"c":3}\n')
    expect(places(found)).toEqual(['0 {"a":1}', '2 {"c":3}'])
    expect(reasons(found)).toEqual([`2@15 a string is not closed on its line; ${skipped}`])
  })

  it('reports a bracket that is not closed and continues at the next line', () => {
    for (const torn of ['{"b":2', '{"b":', '{"b":[{"x":1}', '{"b":[', '{"images":[{"x":1}', '{"b":{"c":1},']) {
      const found = split(`{"a":1}\n${torn}\n{"c":3}\n{"d":4}\n`)
      expect(places(found).filter((place) => !place.includes('/'))).toEqual(['0 {"a":1}', '2 {"c":3}', '3 {"d":4}'])
      expect(reasons(found)).toEqual(['2@8 a value is not closed before the next one begins'])
    }
  })

  it('continues after the first line when it ends in a string', () => {
    expect(places(split('{"a":"x\n{"b":2}\n'))).toEqual(['1 {"b":2}'])
  })

  it('ends an open value at a record separator', () => {
    const found = split('\u001e{"a":[1\n\u001e{"b":2}\n\u001e[1,\u001e[2\u001e')
    expect(places(found)).toEqual(['1 {"b":2}', '2/0 1', '3/0 2'])
    expect(reasons(found)).toEqual(
      [1, 3, 3].map((line, index) => `${line}@${[1, 19, 23][index]} a value is not closed before the next one begins`),
    )
  })

  it('ignores lines in values that span lines', () => {
    const text = '{\n"a": [\n{"x":1},\n{"y":2}\n]}'
    expect(places(split(`${text}\n${text}`))).toEqual([`0 ${text}`, `1 ${text}`])
    expect(places(split('{}\n[\n{"x":1},\n{"y":2}\n]'))).toEqual(['0 {}', '1/0 {"x":1}', '1/1 {"y":2}'])
    expect(places(split('{}\n{"a":\n[1]}'))).toEqual(['0 {}', '1 {"a":\n[1]}'])
    expect(places(split('{"a":1}\n{\n  "b": 2\n}\n'))).toEqual(['0 {"a":1}', '1 {\n  "b": 2\n}'])
  })

  it('misreads a value that spans lines without indentation after a value on one line, and reports it', () => {
    const found = split('{"a":1}\n{\n"b":\n[2]\n}\n')
    expect(places(found)).toEqual(['0 {"a":1}', '2/0 2'])
    expect(reasons(found)).toEqual([
      '2@8 a value is not closed before the next one begins',
      `5@19 expected a JSON value, found "}"; ${skipped}`,
    ])
  })

  it('ends at a newline in a string of a value that spans lines', () => {
    const found = split('{\n"a":"x\n{"y"}\n","b":1}\n{"c":1}')
    expect(places(found)).toEqual([])
    expect(reasons(found)).toEqual(['2@8! a string is not closed on its line'])
  })
})

describe('a splitter, at the end of the input', () => {
  it('reports a fatal problem inside a value, after emitting all complete records', () => {
    const found = split('{"z":0}\n{"images":[{"a":1},\n{"b":')
    expect(places(found)).toEqual(['0 {"z":0}', '1/images/0 {"a":1}'])
    expect(reasons(found)).toEqual([
      '3@33! unexpected end of input: the value that begins at byte 8 (line 2) is incomplete',
    ])
  })

  it('emits a top-level number, but not one in an array', () => {
    expect(places(split('12'))).toEqual(['0 12'])
    expect(reasons(split('[12'))).toEqual([
      '1@3! unexpected end of input: the value that begins at byte 0 (line 1) is incomplete',
    ])
  })

  it('reports nothing for empty input', () => {
    expect(split(' \n')).toEqual({ records: [], malformed: [], problems: [] })
  })

  it('ignores further input, also after a fatal problem', () => {
    const seen: unknown[] = []
    const see = (event: unknown): number => seen.push(event)
    const splitter = createJsonSplitter({ streamedKeys: new Set() }, { record: see, malformed: see, problem: see })
    splitter.push(Buffer.from('[\n}'))
    splitter.push(Buffer.from('{"a":1}'))
    splitter.end()
    splitter.push(Buffer.from('{"a":1}'))
    splitter.end()
    expect(seen).toMatchObject([{ fatal: true }])
  })
})

describe('createJsonSplitter', () => {
  it('keeps no reference to a chunk', () => {
    const records: string[] = []
    const splitter = createJsonSplitter(
      { streamedKeys: new Set(['images']) },
      { record: ({ pointer, text }) => records.push(pointer + text), malformed: () => {}, problem: () => {} },
    )
    const chunk = Buffer.alloc(3)
    const input = '{"name":"é","images":[{"id":"ü"},{"id":2}]}   '
    for (let from = 0; from < Buffer.byteLength(input); from += 3) {
      Buffer.from(input).copy(chunk, 0, from, from + 3)
      splitter.push(chunk)
      chunk.fill(0x7d)
    }
    splitter.end()
    expect(records.slice(0, 3)).toEqual(['/images/0{"id":"ü"}', '/images/1{"id":2}', '{"name":"é","images":[]}'])
  })
})
