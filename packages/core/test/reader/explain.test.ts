import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import { toyClient, toyReader } from '../toy.ts'

const reader = toyReader()
const PLACE = { cloud: 'prod', region: 'R1', pointer: '/images/3' }

describe('explain', () => {
  const explainAsMap = (record: unknown, dialect = reader.dialects[0]): ReadonlyMap<string, unknown> => {
    const explained = reader.explain(record, PLACE, dialect)
    return new Map(E.isRight(explained) ? explained.right.fields.map((field) => [field.field, field]) : [])
  }

  it('returns the ref, the dialect and every field', () => {
    expect(reader.explain({ ID: 'a', Title: 't' }, PLACE, toyClient)).toMatchObject({
      right: { ref: { provider: 'toy', cloud: 'prod', region: 'R1', id: 'a' }, dialect: 'toy-client' },
    })
    expect([...explainAsMap({ id: 'a' }).keys()]).toEqual(reader.fields.map(({ field }) => field))
  })

  it('returns evidence, rule and wire fields with their raw values', () => {
    const fields = explainAsMap({ id: 'a', title: 't', made: '2019', size: null })
    expect(fields.get('name')).toEqual({
      field: 'name',
      value: 't',
      evidence: 'declared',
      why: 'as reported by the provider',
      sources: [{ wire: 'title', pointer: '/title', value: 't' }],
    })
    expect(fields.get('architecture')).toEqual({
      field: 'architecture',
      value: 'x64',
      evidence: 'inferred',
      why: 'only x64 existed before 2020',
      sources: [{ wire: 'made', pointer: '/made', value: '2019' }],
    })
    expect(fields.get('size.stored')).toEqual({
      field: 'size.stored',
      value: null,
      evidence: 'declared',
      why: 'as reported by the provider',
      sources: [{ wire: 'size', pointer: '/size', value: null }],
    })
    expect(fields.get('kind')).toEqual({
      field: 'kind',
      value: 'image',
      evidence: 'assumed',
      why: 'it has no other kind',
      sources: [],
    })
    expect(fields.get('tags')).toEqual({
      field: 'tags',
      value: [],
      evidence: 'unsupported',
      why: 'Cloud toy does not report this field',
      sources: [],
    })
  })

  it('returns all possible wire fields of an unknown value', () => {
    expect(explainAsMap({ id: 'a' }).get('architecture')).toEqual({
      field: 'architecture',
      value: null,
      evidence: 'unknown',
      why: 'not in this record',
      sources: [
        { wire: 'arch', pointer: null, value: null },
        { wire: 'made', pointer: null, value: null },
      ],
    })
  })

  it('returns the client’s key and value of a wire field', () => {
    const fields = explainAsMap({ ID: 'a', Title: 't', size: 0, details: { arch: 'a64' } }, toyClient)
    expect(fields.get('name')).toMatchObject({ sources: [{ wire: 'title', pointer: '/Title', value: 't' }] })
    expect(fields.get('architecture')).toMatchObject({
      value: 'a64',
      sources: [{ wire: 'arch', pointer: '/details/arch', value: 'a64' }],
    })
    expect(fields.get('size.stored')).toMatchObject({
      value: null,
      evidence: 'unknown',
      sources: [{ wire: 'size', pointer: '/size', value: 0 }],
    })
  })

  it('rejects the same records as read, with the same issues', () => {
    for (const u of [{ title: 't' }, null, []]) expect(reader.explain(u, PLACE)).toEqual(reader.read(u, PLACE))
  })
})
