import { describe, expect, it } from '@jest/globals'
import type { Dialect, JsonObject, DialectMatch } from '../../src/reader/dialect.ts'
import { createRecognizer } from '../../src/reader/recognition.ts'

const dialect = (name: string, findCertainty: (record: JsonObject) => 'certain' | 'likely' | null): Dialect => ({
  name,
  title: name,
  recognize: (record): DialectMatch | null => {
    const certainty = findCertainty(record)
    return certainty === null ? null : { certainty, reason: `${name} is ${certainty}` }
  },
})

const by =
  (key: string) =>
  (record: JsonObject): 'certain' | 'likely' | null =>
    record[key] === 'certain' || record[key] === 'likely' ? record[key] : null

const { recognize } = createRecognizer(
  'toy',
  [dialect('api', by('api')), dialect('one', by('one')), dialect('two', by('two'))],
  [{ recognize: (record) => 'server' in record, reason: 'it is a server' }],
)

const seen = (record: unknown): string => {
  const recognition = recognize(record)
  return recognition.known
    ? `${recognition.provider} ${recognition.dialect.name} ${recognition.certainty}`
    : `${recognition.foreign ? 'foreign: ' : ''}${recognition.reason}`
}

describe('createRecognizer', () => {
  it.each([
    ['a certain dialect', { two: 'certain' }, 'toy two certain'],
    ['a client’s dialect rather than the API’s', { api: 'certain', one: 'certain' }, 'toy one certain'],
    ['a certain dialect rather than a likely one', { one: 'likely', two: 'certain' }, 'toy two certain'],
    ['the certain API rather than a likely client', { api: 'certain', one: 'likely' }, 'toy api certain'],
    ['the first likely dialect', { api: 'likely', two: 'likely', one: 'likely' }, 'toy one likely'],
    ['a likely image rather than a foreign shape', { api: 'likely', server: 1 }, 'toy api likely'],
    ['a foreign shape', { server: 1 }, 'foreign: it is a server'],
    ['a container image', { RepoTags: [] }, 'foreign: it is a container image (OCI or Docker), not a machine image'],
    [
      'an OCI manifest',
      { schemaVersion: 2, layers: [] },
      'foreign: it is a container image (OCI or Docker), not a machine image',
    ],
    ['an EC2 image', { ImageId: 'ami-1' }, 'foreign: it is an Amazon EC2 image: a provider for EC2 is required'],
    ['nothing in a mere schema version', { schemaVersion: 2 }, 'not a recognized image record'],
    ['nothing in other records', { name: 'x' }, 'not a recognized image record'],
  ])('recognize finds %s', (_, record, expected) => expect(seen(record)).toBe(expected))

  it.each([null, undefined, 'text', 5, true, [], [{ api: 'certain' }]])('recognize rejects %j', (u) =>
    expect(seen(u)).toBe('it is not a JSON object'),
  )

  describe('recognize', () => {
    it('returns the dialect, the certainty and the reason', () => {
      expect(recognize({ one: 'certain' })).toEqual({
        known: true,
        provider: 'toy',
        dialect: expect.objectContaining({ name: 'one' }),
        certainty: 'certain',
        reason: 'one is certain',
      })
    })

    it('does not depend on earlier calls', () => {
      const certain = { certainty: 'certain', reason: 'both' } as const
      const { recognize: shared } = createRecognizer(
        'toy',
        [
          { name: 'a', title: 'a', recognize: (r) => ('a' in r ? certain : null) },
          { name: 'b', title: 'b', recognize: (r) => ('b' in r ? certain : null) },
        ],
        [],
      )
      const names = [{ a: 1 }, { b: 1 }, { a: 1 }].map((record) => {
        const recognition = shared(record)
        return recognition.known ? recognition.dialect.name : ''
      })
      expect(names).toEqual(['a', 'b', 'a'])
    })
  })
})
