import { describe, expect, it } from '@jest/globals'
import * as fc from 'fast-check'
import { createJsonSplitter, type JsonSplitter } from '../src/json-splitter.ts'
import { findLines, type LinePlace } from '../src/lines.ts'

const streamedKeys = new Set(['images'])

/** Reads an input line by line, and where possible, some lines at a time by splitters of their own. Documents are not compared: a line may hold several. */
const readApart = (input: Buffer, most: number): { readonly events: readonly unknown[]; readonly apart: number } => {
  const events: unknown[] = []
  let apart = 0
  const create = (start?: LinePlace): JsonSplitter =>
    createJsonSplitter(
      { streamedKeys, start },
      {
        record: (record) => events.push({ record: { ...record, document: 0 } }),
        malformed: (malformed) => events.push({ malformed: { ...malformed, document: 0 } }),
        problem: (problem) => events.push({ problem }),
      },
    )
  const splitter = create()
  for (let at = 0; at < input.length;) {
    const start = most === 0 ? null : splitter.lineStart()
    const lines = start === null ? { end: at, count: 0 } : findLines(input.subarray(0, at + most), at)
    if (start !== null && lines.count > 0) {
      const own = create(start)
      own.push(input.subarray(at, lines.end))
      own.endBeforeLine()
      splitter.skipLines(lines.end - at, lines.count)
      apart += lines.count
      at = lines.end
    } else {
      const newline = input.indexOf('\n', at)
      const end = newline === -1 ? input.length : newline + 1
      splitter.push(input.subarray(at, end))
      at = end
    }
  }
  splitter.end()
  return { events, apart }
}

const lines = fc.oneof(
  { weight: 8, arbitrary: fc.record({ id: fc.nat(), more: fc.json() }).map((value) => JSON.stringify(value)) },
  { weight: 2, arbitrary: fc.constantFrom('{}', '{"a":1}{"b":2}', '{"images":[{"a":1},{"b":2}]}', '{"é":"}"}') },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '{"a":',
      '{"a":"}',
      '{"a":{}',
      '{"images":[',
      '{"images":[{"a":1},',
      '{"images":[{"a":1}',
      '{"images":[}',
      '{"a":[}}',
      '{"a" 1}',
      '{} "torn}',
      '{}}',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', ' ', '[1,2]', ']', '}', '5', '\ufeff{"c":1}', '\u001e{"d":1}', 'x', '"'),
  },
)
const inputs = fc
  .array(fc.tuple(lines, fc.constantFrom('\n', '\n', '\n', '\r\n', '\n\n')), { maxLength: 20 })
  .map((parts) => Buffer.from(`{"first":0}\n${parts.map(([line, end]) => line + end).join('')}`))

describe('findLines', () => {
  it('finds lines that splitters of their own read as the splitter of the whole input does', () => {
    fc.assert(
      fc.property(inputs, fc.integer({ min: 1, max: 200 }), (input, most) => {
        expect(readApart(input, most).events).toEqual(readApart(input, 0).events)
      }),
      { numRuns: 1000 },
    )
  })

  it('finds the lines of ordinary NDJSON, except the last one', () => {
    const input = Buffer.from(Array.from({ length: 100 }, (_, id) => `{"id":${id}}\r\n`).join(''))
    expect(readApart(input, 1000).apart).toBe(98)
  })

  it('finds no line where a streamed array stays open', () => {
    expect(findLines(Buffer.from('{"images":[\n{"id":1}\n{"id":2}\n'), 0)).toEqual({ end: 0, count: 0 })
  })
})

describe('lineStart', () => {
  const after = (text: string): LinePlace | null => {
    const splitter = createJsonSplitter(
      { streamedKeys },
      { record: () => undefined, malformed: () => undefined, problem: () => undefined },
    )
    splitter.push(Buffer.from(text))
    return splitter.lineStart()
  }

  it('returns the place after a line', () => {
    expect(after('{"a":1}\n{"b":2}\n')).toEqual({ offset: 16, line: 3, document: 2 })
  })

  it('returns null where a value is open, within a line, and in pretty-printed JSON', () => {
    for (const text of ['', '{"a":1}', '{"a":1}\n{"b"', '{"a":1}\n{"b":\n', '{"images":[\n', '{\n"a":1\n}\n'])
      expect(after(text)).toBeNull()
  })
})
