import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import { explainRecord, readDump, readRecord, type Dump, type DumpOptions } from '../../src/reader/dump.ts'
import { bareImage } from '@imago/testkit'
import { toyReader } from '../toy.ts'

const toy = toyReader('toy', 'title', 'likely', [
  { recognize: (record) => 'server' in record, reason: 'it is a server of toy’s' },
])
/** Recognizes every record with a `title` as likely, as `toy` does. */
const rival = toyReader('rival', 'title')
/** Is certain of its records. */
const sure = toyReader('sure', 'mark', 'certain')

const summarize = ({ items, rejected, drift }: Dump): unknown => ({
  items: items.map(({ ref }) => `${ref.provider} ${ref.id}`),
  rejected: rejected.map(
    ({ pointer, provider, issues }) =>
      `${pointer} ${provider}: ${issues.map((issue) => `${issue.pointer} ${issue.expected}, ${issue.got}`).join('; ')}`,
  ),
  drift: drift.map(({ kind, pointer, path }) => `${kind} ${pointer} ${path}`),
})

const read = (document: unknown, options: Partial<DumpOptions> = {}): unknown =>
  summarize(readDump(document, { readers: [toy, sure], ...options }))

describe('readDump', () => {
  it('reads records of several providers in one document', () => {
    expect(
      read([
        { id: 'a', title: 't' },
        { id: 'b', mark: 1 },
        { id: 'c', title: 't' },
      ]),
    ).toEqual({ items: ['toy a', 'sure b', 'toy c'], rejected: [], drift: ['unknown-key /1/mark /mark'] })
  })

  it.each([[[toy, sure]], [[sure, toy]]])('prefers a certain reader to a likely one, in any order', (readers) => {
    expect(read({ id: 'a', title: 't', mark: 1 }, { readers })).toMatchObject({ items: ['sure a'] })
  })

  it('rejects a record that two readers recognize as likely', () => {
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

  it('prefers a certain reader to two likely ones', () => {
    expect(read({ id: 'a', title: 't', mark: 1 }, { readers: [toy, rival, sure] })).toMatchObject({ items: ['sure a'] })
  })

  it('returns the reason of the reader that recognizes a foreign shape', () => {
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

  it('rejects a record that no reader recognizes, with a reason', () => {
    expect(read([{ id: 'a' }, null, 'text'])).toEqual({
      items: [],
      rejected: [
        '/0 null: /0 an image record, not a recognized image record',
        '/1 null: /1 an image record, it is not a JSON object',
        '/2 null: /2 an image record, it is not a JSON object',
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

describe('readDump with a provider', () => {
  it('reads unmarked records', () => {
    expect(read({ id: 'a' }, { provider: 'toy' })).toEqual({ items: ['toy a'], rejected: [], drift: [] })
    expect(read({ id: 'a', title: 't' }, { readers: [toy, rival], provider: 'rival' })).toMatchObject({
      items: ['rival a'],
    })
  })

  it('reads the dialects of its clients', () =>
    expect(read({ ID: 'a', Title: 't' }, { provider: 'toy' })).toMatchObject({ items: ['toy a'], rejected: [] }))

  it('rejects known foreign shapes', () => {
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
        '/1 null: /1 an image record, it is a container image (OCI or Docker), not a machine image',
      ],
      drift: [],
    })
  })

  it('reads records that another provider is certain of', () =>
    expect(read({ id: 'a', mark: 1 }, { provider: 'toy' })).toMatchObject({ items: ['toy a'] }))

  it('rejects all records if the provider is unknown', () => {
    expect(read({ id: 'a', title: 't' }, { provider: 'aws' })).toEqual({
      items: [],
      rejected: [' null:  an image record, unknown provider: aws'],
      drift: [],
    })
  })

  it('returns the issues of invalid records', () => {
    expect(read([null, { title: 't' }], { provider: 'toy' })).toMatchObject({
      items: [],
      rejected: [expect.stringMatching(/^\/0 toy: \/0 /), '/1 toy: /1/id string, nothing'],
    })
  })
})

describe('readDump with an invalid record', () => {
  const document = {
    images: [{ id: 'a', title: 't' }, { title: 'no id' }, { id: 'c', title: 5 }, { id: 'd', title: 't' }],
  }

  it('reads the other records and returns the location of the invalid one', () => {
    expect(read(document)).toEqual({
      items: ['toy a', 'toy c', 'toy d'],
      rejected: ['/images/1 toy: /images/1/id string, nothing'],
      drift: ['wrong-type /images/2/title /title'],
    })
  })

  it('rejects records with drift if strict', () => {
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

describe('dumps', () => {
  it('readDump adds cloud and region to the refs', () => {
    const { items } = readDump({ images: [{ id: 'a', title: 't' }] }, { readers: [toy], cloud: 'prod', region: 'R1' })
    expect(items.map(({ ref }) => ref)).toEqual([{ provider: 'toy', cloud: 'prod', region: 'R1', id: 'a' }])
    expect(readDump([{ id: 'a', title: 't' }], { readers: [toy] }).items[0]?.ref).toEqual({
      provider: 'toy',
      cloud: null,
      region: null,
      id: 'a',
    })
  })

  describe('readRecord and explainRecord', () => {
    const options: DumpOptions = { readers: [toy, sure], cloud: 'prod' }

    it('reads a record like readDump, with its location', () => {
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

    it('explains a record in its recognized dialect', () => {
      const explained = explainRecord({ ID: 'a', Title: 't' }, '/0', options)
      expect(E.isRight(explained) && explained.right.dialect).toBe('toy-client')
      expect(explainRecord({ id: 'a' }, '/0', options)).toMatchObject({ left: { provider: null, pointer: '/0' } })
    })
  })

  describe('readDump with images that imago printed', () => {
    const image = { ...bareImage('9', { name: 'golden', labels: { env: 'prod' } }), raw: { id: 9, odd: true } }

    it('returns them unchanged', () => {
      expect(readDump(JSON.parse(JSON.stringify({ images: [image] })), { readers: [toy, sure] }).items).toEqual([image])
    })

    it('returns them without their evidence', () => {
      const printed = { ...image, evidence: { name: 'declared' } }
      expect(readDump([printed], { readers: [toy, sure] }).items).toEqual([image])
    })

    it('does not recognize them if a field is missing', () => {
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
})
