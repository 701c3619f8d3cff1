import { describe, expect, test } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import { toyClient, toyReader } from '../toy.ts'

const reader = toyReader()
const PLACE = { cloud: 'prod', region: 'R1', pointer: '/images/3' }

describe('explain', () => {
  const fieldsOf = (record: unknown, dialect = reader.dialects[0]): ReadonlyMap<string, unknown> => {
    const explained = reader.explain(record, PLACE, dialect)
    return new Map(E.isRight(explained) ? explained.right.fields.map((field) => [field.field, field]) : [])
  }

  test('names the image, the dialect and every field', () => {
    expect(reader.explain({ ID: 'a', Title: 't' }, PLACE, toyClient)).toMatchObject({
      right: { ref: { provider: 'toy', cloud: 'prod', region: 'R1', id: 'a' }, dialect: 'toy-client' },
    })
    expect([...fieldsOf({ id: 'a' }).keys()]).toEqual(reader.fields.map(({ field }) => field))
  })

  test('tells the evidence, the rule, and the wire fields with their raw values', () => {
    const fields = fieldsOf({ id: 'a', title: 't', made: '2019', size: null })
    expect(fields.get('name')).toEqual({
      field: 'name',
      value: 't',
      evidence: 'declared',
      why: 'as the provider says',
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
      why: 'as the provider says',
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
      why: 'Cloud toy never says this',
      sources: [],
    })
  })

  test('of what is not said, names every field that could say it', () => {
    expect(fieldsOf({ id: 'a' }).get('architecture')).toEqual({
      field: 'architecture',
      value: null,
      evidence: 'unknown',
      why: 'this record does not say',
      sources: [
        { wire: 'arch', pointer: null, value: null },
        { wire: 'made', pointer: null, value: null },
      ],
    })
  })

  test('prints the client’s name of a field beside the wire’s, and its own spelling of the value', () => {
    const fields = fieldsOf({ ID: 'a', Title: 't', size: 0, details: { arch: 'a64' } }, toyClient)
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

  test('rejects what read rejects, in the same words', () => {
    for (const u of [{ title: 't' }, null, []]) expect(reader.explain(u, PLACE)).toEqual(reader.read(u, PLACE))
  })
})
