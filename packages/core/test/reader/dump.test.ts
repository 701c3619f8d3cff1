import { describe, expect, it, test } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import { explainRecord, readDump, readRecord, type Dump, type DumpOptions } from '../../src/reader/dump.ts'
import { bareImage } from '@imago/testkit'
import { toyReader } from '../toy.ts'

const toy = toyReader('toy', 'title', 'likely', [
  { recognize: (record) => 'server' in record, reason: 'it is a server of toy’s' },
])
/** Takes everything with a `title` for its own too, if likely. */
const rival = toyReader('rival', 'title')
/** Is sure of its records. */
const sure = toyReader('sure', 'mark', 'certain')

const told = ({ items, rejected, drift }: Dump): unknown => ({
  items: items.map(({ ref }) => `${ref.provider} ${ref.id}`),
  rejected: rejected.map(
    ({ pointer, provider, issues }) =>
      `${pointer} ${provider}: ${issues.map((issue) => `${issue.pointer} ${issue.expected}, ${issue.got}`).join('; ')}`,
  ),
  drift: drift.map(({ kind, pointer, path }) => `${kind} ${pointer} ${path}`),
})

const read = (document: unknown, options: Partial<DumpOptions> = {}): unknown =>
  told(readDump(document, { readers: [toy, sure], ...options }))

describe('who reads a record', () => {
  test('mixed providers in one document', () => {
    expect(
      read([
        { id: 'a', title: 't' },
        { id: 'b', mark: 1 },
        { id: 'c', title: 't' },
      ]),
    ).toEqual({ items: ['toy a', 'sure b', 'toy c'], rejected: [], drift: ['unknown-key /1/mark /mark'] })
  })

  test.each([[[toy, sure]], [[sure, toy]]])('the one that is certain, wherever it stands', (readers) => {
    expect(read({ id: 'a', title: 't', mark: 1 }, { readers })).toMatchObject({ items: ['sure a'] })
  })

  test('two that are likely are no answer', () => {
    const message = ' null:  an image record, it may be an image of Cloud toy or of Cloud rival: name the provider'
    expect(read({ id: 'a', title: 't' }, { readers: [toy, rival] })).toEqual({
      items: [],
      rejected: [message],
      drift: [],
    })
    expect(read({ id: 'a', title: 't' }, { readers: [sure, toy, rival] })).toEqual({
      items: [],
      rejected: [message],
      drift: [],
    })
  })

  test('two that are likely and one that is certain: that one', () => {
    expect(read({ id: 'a', title: 't', mark: 1 }, { readers: [toy, rival, sure] })).toMatchObject({ items: ['sure a'] })
  })

  test('of two that do not know it, the one that knows what it is gives the reason', () => {
    for (const readers of [
      [toy, sure],
      [sure, toy],
    ])
      expect(read({ id: 'a', server: 1 }, { readers })).toEqual({
        items: [],
        rejected: [' null:  an image record, it is a server of toy’s'],
        drift: [],
      })
  })

  test('nobody, and why', () => {
    expect(read([{ id: 'a' }, null, 'text'])).toEqual({
      items: [],
      rejected: [
        '/0 null: /0 an image record, not a recognized image record',
        '/1 null: /1 an image record, it is no JSON object',
        '/2 null: /2 an image record, it is no JSON object',
      ],
      drift: [],
    })
    expect(read({ id: 'a', title: 't' }, { readers: [] })).toEqual({
      items: [],
      rejected: [' null:  an image record, no reader was given'],
      drift: [],
    })
  })
})

describe('a provider that is named', () => {
  test('reads what only resembles its records', () => {
    expect(read({ id: 'a' }, { provider: 'toy' })).toEqual({ items: ['toy a'], rejected: [], drift: [] })
    expect(read({ id: 'a', title: 't' }, { readers: [toy, rival], provider: 'rival' })).toMatchObject({
      items: ['rival a'],
    })
  })

  test('reads its clients’ dialects', () =>
    expect(read({ ID: 'a', Title: 't' }, { provider: 'toy' })).toMatchObject({ items: ['toy a'], rejected: [] }))

  test('is not asked to read what is known to be something else', () => {
    expect(
      read(
        [
          { id: 'a', server: 1 },
          { id: 'b', RepoTags: [] },
        ],
        { provider: 'toy' },
      ),
    ).toEqual({
      items: [],
      rejected: [
        '/0 null: /0 an image record, it is a server of toy’s',
        '/1 null: /1 an image record, it is a container image (OCI or Docker), no machine image',
      ],
      drift: [],
    })
  })

  test('reads what another is certain of, for it was named', () =>
    expect(read({ id: 'a', mark: 1 }, { provider: 'toy' })).toMatchObject({ items: ['toy a'] }))

  test('must be one that there is a reader for', () => {
    expect(read({ id: 'a', title: 't' }, { provider: 'aws' })).toEqual({
      items: [],
      rejected: [' null:  an image record, unknown provider: aws'],
      drift: [],
    })
  })

  test('says what is wrong with a record that is none', () => {
    expect(read([null, { title: 't' }], { provider: 'toy' })).toMatchObject({
      items: [],
      rejected: [expect.stringMatching(/^\/0 toy: \/0 /), '/1 toy: /1/id string, nothing'],
    })
  })
})

describe('one bad record', () => {
  const document = {
    images: [{ id: 'a', title: 't' }, { title: 'no id' }, { id: 'c', title: 5 }, { id: 'd', title: 't' }],
  }

  test('never costs its neighbours, and is told of with its place', () => {
    expect(read(document)).toEqual({
      items: ['toy a', 'toy c', 'toy d'],
      rejected: ['/images/1 toy: /images/1/id string, nothing'],
      drift: ['wrong-type /images/2/title /title'],
    })
  })

  test('is one with drift too, where drift is an error', () => {
    expect(read(document, { strict: true })).toEqual({
      items: ['toy a', 'toy d'],
      rejected: [
        '/images/1 toy: /images/1/id string, nothing',
        '/images/2 toy: /images/2/title string or null, number',
      ],
      drift: [],
    })
    const { rejected } = readDump([{ id: 'a', title: 't', arch: 'r64', more: null }], { readers: [toy], strict: true })
    expect(rejected).toEqual([
      {
        provider: 'toy',
        pointer: '/0',
        issues: [
          { pointer: '/0/arch', expected: 'a known word', got: 'r64' },
          { pointer: '/0/more', expected: 'a known key', got: 'null' },
        ],
        raw: { id: 'a', title: 't', arch: 'r64', more: null },
      },
    ])
  })
})

test('where the records come from stands in their refs', () => {
  const { items } = readDump({ images: [{ id: 'a', title: 't' }] }, { readers: [toy], cloud: 'prod', region: 'R1' })
  expect(items.map(({ ref }) => ref)).toEqual([{ provider: 'toy', cloud: 'prod', region: 'R1', id: 'a' }])
  expect(readDump([{ id: 'a', title: 't' }], { readers: [toy] }).items[0]?.ref).toEqual({
    provider: 'toy',
    cloud: null,
    region: null,
    id: 'a',
  })
})

describe('one record', () => {
  const options: DumpOptions = { readers: [toy, sure], cloud: 'prod' }

  test('is read as in a dump, at its place', () => {
    expect(readRecord({ id: 'a', title: 5 }, '/images/7', options)).toMatchObject({
      right: { image: { ref: { cloud: 'prod', id: 'a' } }, drift: [{ pointer: '/images/7/title' }] },
    })
    expect(readRecord({ id: 'a', title: 5 }, '/images/7', { ...options, strict: true })).toMatchObject({
      left: { pointer: '/images/7', issues: [{ pointer: '/images/7/title' }] },
    })
    expect(readRecord('text', '/images/7', options)).toMatchObject({
      left: { provider: null, pointer: '/images/7', issues: [{ pointer: '/images/7' }], raw: 'text' },
    })
  })

  test('is explained in the dialect that it was recognized as', () => {
    const explained = explainRecord({ ID: 'a', Title: 't' }, '/0', options)
    expect(E.isRight(explained) && explained.right.dialect).toBe('toy-client')
    expect(explainRecord({ id: 'a' }, '/0', options)).toMatchObject({ left: { provider: null, pointer: '/0' } })
  })
})

describe('images that imago printed', () => {
  const image = { ...bareImage('9', { name: 'golden', labels: { env: 'prod' } }), raw: { id: 9, odd: true } }

  test('are read back as they are', () => {
    expect(readDump(JSON.parse(JSON.stringify({ images: [image] })), { readers: [toy, sure] }).items).toEqual([image])
  })

  test('are read back without their evidence', () => {
    const printed = { ...image, evidence: { name: 'declared' } }
    expect(readDump([printed], { readers: [toy, sure] }).items).toEqual([image])
  })

  test('are not recognized without a field', () => {
    const { labels: _, ...partial } = image
    expect(readDump([partial], { readers: [toy, sure] }).rejected).toHaveLength(1)
  })
})

const DEPTH = 50_000

// JSON.parse reads documents of any depth.
it.each([
  ['lists in lists', '[', ']'],
  ['images in images', '{"image":', '}'],
  ['pages in pages', '{"images":[', ']}'],
])('reads deeply nested %s without a stack overflow', (_, open, close) => {
  const document: unknown = JSON.parse(`${open.repeat(DEPTH)}{"id":"a","title":"t"}${close.repeat(DEPTH)}`)
  const { items, rejected } = readDump(document, { readers: [toyReader()] })
  expect(items.length + rejected.length).toBe(1)
})
