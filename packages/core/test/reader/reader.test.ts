import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import { toyClient, toyReader } from '../toy.ts'

const reader = toyReader()
const PLACE = { cloud: 'prod', region: 'R1', pointer: '/images/3' }

const reading = (
  record: unknown,
  dialect = reader.dialects[0],
): { readonly image: unknown; readonly drift: readonly unknown[] } => {
  const read = reader.read(record, PLACE, dialect)
  if (E.isLeft(read)) throw new Error(JSON.stringify(read.left))
  return read.right
}

const rejection = (record: unknown, dialect = reader.dialects[0]): unknown => {
  const read = reader.read(record, PLACE, dialect)
  return E.isLeft(read) ? read.left : null
}

describe('read', () => {
  it('returns an image with its location and the raw record', () => {
    const record = { id: 'a', title: 't' }
    expect(reading(record)).toMatchObject({
      image: { ref: { provider: 'toy', cloud: 'prod', region: 'R1', id: 'a' }, name: 't', raw: record },
      drift: [],
    })
    expect((reading(record).image as { readonly raw: unknown }).raw).toBe(record)
  })

  it('uses the API’s own dialect by default', () => {
    expect(reader.read({ id: 'a', title: 't' }, PLACE)).toEqual(
      reader.read({ id: 'a', title: 't' }, PLACE, reader.dialects[0]),
    )
  })

  it('returns drift with its pointers in the record and in the document', () => {
    expect(reading({ id: 'a', title: 5, arch: 'r64', 'new/key': [] }).drift).toEqual([
      {
        kind: 'wrong-type',
        pointer: '/images/3/title',
        path: '/title',
        expected: 'string or null',
        got: 'number',
        provider: 'toy',
        id: 'a',
      },
      { kind: 'unknown-word', pointer: '/images/3/arch', path: '/arch', word: 'r64', provider: 'toy', id: 'a' },
      { kind: 'unknown-key', pointer: '/images/3/new~1key', path: '/new~1key', got: 'array', provider: 'toy', id: 'a' },
    ])
  })

  it('returns drift only with its own record', () => {
    expect(reading({ id: 'a', title: 5 }).drift).toHaveLength(1)
    expect(reading({ id: 'b', title: 't' }).drift).toEqual([])
    expect(rejection({ title: 5 })).not.toBeNull()
    expect(reading({ id: 'c', title: 't' }).drift).toEqual([])
  })

  it('returns drift with pointers of the client’s keys', () => {
    expect(reading({ ID: 'a', Title: 5, details: { arch: 'r64', made: 1 }, row: {} }, toyClient).drift).toMatchObject([
      { kind: 'unknown-word', path: '/details/arch' },
      { kind: 'wrong-type', path: '/details/made' },
      { kind: 'wrong-type', path: '/Title' },
    ])
  })

  it('rejects a record without an ID, with a pointer of the client’s key', () => {
    expect(rejection({ title: 't' })).toEqual({
      provider: 'toy',
      pointer: '/images/3',
      issues: [{ pointer: '/images/3/id', expected: 'string', got: 'nothing' }],
      raw: { title: 't' },
    })
    expect(rejection({ ID: 5, Title: 't' }, toyClient)).toMatchObject({
      issues: [{ pointer: '/images/3/ID', expected: 'string', got: 'number' }],
    })
  })

  it.each([null, 'text', 5, [], true])('rejects %j', (u) => {
    expect(rejection(u)).toMatchObject({
      provider: 'toy',
      pointer: '/images/3',
      issues: [{ pointer: '/images/3' }],
      raw: u,
    })
    expect(rejection(u, toyClient)).toMatchObject({ issues: [{ pointer: '/images/3' }] })
  })
})
