import { describe, expect, it } from '@jest/globals'
import * as fc from 'fast-check'
import { createJsonSplitter } from '../src/json-splitter.ts'
import type { SplitProblem, SplitRecord } from '../src/sink.ts'

type Event = { readonly record: SplitRecord } | { readonly malformed: unknown } | { readonly problem: SplitProblem }

const streamedKeys = new Set(['images', 'servers', '__proto__', 'a/b~é'])

function split(bytes: Buffer, cuts: readonly number[], maxRecordBytes = 1 << 20): Event[] {
  const events: Event[] = []
  const splitter = createJsonSplitter(
    { streamedKeys, maxRecordBytes },
    {
      record: (record) => events.push({ record }),
      malformed: (malformed) => events.push({ malformed }),
      problem: (problem) => events.push({ problem }),
    },
  )
  const ends = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((one, other) => one - other)
  let from = 0
  for (const to of [...ends, bytes.length]) {
    splitter.push(bytes.subarray(from, to))
    from = to
  }
  splitter.end()
  return events
}

const findRecords = (events: readonly Event[]): SplitRecord[] =>
  events.flatMap((event) => ('record' in event ? [event.record] : []))

/** The records that `split` should emit for one value. */
function walk(value: unknown, document: number): { document: number; pointer: string; value: unknown }[] {
  if (Array.isArray(value)) {
    if (value.length === 0) return [{ document, pointer: '', value }]
    return value.map((element: unknown, index) => ({ document, pointer: `/${index}`, value: element }))
  }
  if (typeof value !== 'object' || value === null) return [{ document, pointer: '', value }]
  const isStreamed = ([key, member]: [string, unknown]): boolean => streamedKeys.has(key) && Array.isArray(member)
  const members = Object.entries(value)
  return [
    ...members.filter(isStreamed).flatMap(([key, member]) => {
      const prefix = `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}/`
      return (member as unknown[]).map((element, index) => ({ document, pointer: prefix + index, value: element }))
    }),
    {
      document,
      pointer: '',
      value: Object.fromEntries(members.map((entry) => (isStreamed(entry) ? [entry[0], []] : entry))),
    },
  ]
}

const keys = fc.oneof(
  fc.constantFrom('images', 'servers', '__proto__', 'a/b~é', 'id', ''),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
)
const scalars = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('}', '\\', '"', '\n{', '\\"}],', '😀'),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
)
const { value: nested } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalars,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(keys, tie('value')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries) as unknown),
  ),
}))
/** Lists with similar elements, as of an API, whose ends can be guessed. */
const listing = fc
  .tuple(
    fc.constantFrom('images', 'servers'),
    fc.array(fc.record({ id: fc.nat(), more: nested }), { maxLength: 5 }),
    nested,
  )
  .map(([key, elements, next]): unknown => ({ [key]: elements, next }))
const containers = fc.oneof(
  nested.filter((value) => typeof value === 'object' && value !== null),
  listing,
  fc.array(fc.record({ id: fc.nat(), more: nested }), { maxLength: 5 }),
)

/** The texts of several values, each with another layout. */
const layouts = fc.constantFrom(0, 1, 2, 4, '\t')
const createInput = (values: fc.Arbitrary<unknown>): fc.Arbitrary<string[]> =>
  fc
    .array(fc.tuple(values, layouts), { maxLength: 5 })
    .map((parts) => parts.map(([value, layout]) => JSON.stringify(value, null, layout)))
const cuts = fc.array(fc.nat(2000), { maxLength: 12 })
const everywhere = Array.from({ length: 20_000 }, (_, index) => index)

describe('a splitter, for any input', () => {
  it('emits what parsing the whole gives, with correct offsets and lines, however it is cut', () => {
    const separators = fc.constantFrom('\n', '\r\n', ' ', '\n\n', '\u001e')
    fc.assert(
      fc.property(createInput(fc.oneof(scalars, containers)), separators, cuts, (texts, separator, where) => {
        const input = Buffer.from(texts.map((text) => text + separator).join(''))
        const events = split(input, where)
        const records = findRecords(events)
        expect(records.map(({ document, pointer, value }) => ({ document, pointer, value }))).toEqual(
          texts.flatMap((text, document) => walk(JSON.parse(text), document)),
        )
        expect(events.length).toBe(records.length)
        for (const { line, offset, pointer, text, value } of records) {
          expect(JSON.parse(text)).toEqual(value)
          expect(line).toBe(input.subarray(0, offset).toString('latin1').split('\n').length)
          if (pointer !== '') expect(input.subarray(offset, offset + Buffer.byteLength(text)).toString()).toBe(text)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('emits long lists of every layout, across many windows', () => {
    const images = Array.from({ length: 1500 }, (_, id) => ({
      id,
      name: 'é}"\n'.repeat(id % 9),
      nested: [{ id }, { id: [{}] }],
      text: 'x'.repeat(id % 400),
    }))
    const expected = walk({ images, next: null }, 0)
    for (const layout of [0, 2, '\t']) {
      const input = Buffer.from(JSON.stringify({ images, next: null }, null, layout))
      const records = findRecords(split(input, []))
      expect(records.map(({ document, pointer, value }) => ({ document, pointer, value }))).toEqual(expected)
      expect(
        findRecords(
          split(
            input,
            everywhere.map((index) => index * 41),
          ),
        ),
      ).toEqual(records)
    }
    const lines = findRecords(split(Buffer.from(images.map((image) => `${JSON.stringify(image)}\n`).join('')), []))
    expect(lines.map(({ document, line, value }) => [document, line, value])).toEqual(
      images.map((image, index) => [index, index + 1, image]),
    )
  })

  /** Damaged JSON: valid texts with changed bytes, and random bytes with a meaning. */
  const meaningful = fc.constantFrom(...Buffer.from('{}[]:,"\\\n\r 0at-\u001e'), 0xef, 0xbb, 0xbf, 0xff, 0x00)
  const damaged = fc
    .tuple(
      createInput(containers),
      fc.array(fc.tuple(fc.nat(3000), fc.nat(2), fc.array(meaningful, { maxLength: 2 })), { maxLength: 4 }),
    )
    .map(([texts, changes]) => {
      let bytes = Buffer.from(texts.map((text) => `${text}\n`).join(''))
      for (const [where, removed, added] of changes) {
        const at = where % (bytes.length + 1)
        bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from(added), bytes.subarray(at + removed)])
      }
      return bytes
    })
  const noise = fc.oneof(
    fc.array(meaningful, { maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
  )

  it('never throws, and finds the same however damaged input is cut', () => {
    fc.assert(
      fc.property(fc.oneof(damaged, noise), cuts, fc.constantFrom(30, 1 << 20), (bytes, where, limit) => {
        const whole = split(bytes, [], limit)
        expect(split(bytes, where, limit)).toEqual(whole)
        expect(split(bytes, everywhere.slice(0, bytes.length), limit)).toEqual(whole)
      }),
      { numRuns: 600 },
    )
  })

  it('reports at most one fatal problem, as the last event', () => {
    fc.assert(
      fc.property(fc.oneof(damaged, noise), (bytes) => {
        const fatal = split(bytes, []).map((event) => 'problem' in event && event.problem.fatal)
        expect(fatal.indexOf(true)).toBe(fatal.includes(true) ? fatal.length - 1 : -1)
      }),
      { numRuns: 500 },
    )
  })

  it('emits the first records of truncated input, and one fatal problem unless it ends between values', () => {
    fc.assert(
      fc.property(createInput(containers), fc.nat(), cuts, (texts, where, pieces) => {
        const input = Buffer.from(texts.map((text) => `${text}\n`).join(''))
        const end = where % (input.length + 1)
        const events = split(input.subarray(0, end), pieces)
        const records = findRecords(events)
        expect(records).toEqual(findRecords(split(input, [])).slice(0, records.length))
        let offset = 0
        let isInside = false
        for (const text of texts) {
          const length = Buffer.byteLength(text)
          if (end > offset && end < offset + length) isInside = true
          offset += length + 1
        }
        expect(events.slice(records.length)).toEqual(
          isInside ? [{ problem: expect.objectContaining({ fatal: true, offset: end }) }] : [],
        )
      }),
      { numRuns: 500 },
    )
  })
})
