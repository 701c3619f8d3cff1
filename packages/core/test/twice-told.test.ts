import { expect, test } from '@jest/globals'
import { findSource, translate, type Translation } from '../src/dialect.ts'

/** A record may hold one wire field under two names: openstacksdk prints `owner` and `owner_id`. What `sourceOf` points at must be what `translate` took. */
const TRANSLATION: Translation = {
  rename: new Map([['owner_id', 'owner']]),
  lift: new Set(['properties']),
  respell: (_, value) => (value === null ? undefined : value),
}

test.each([
  ['two values: the last one', { owner: 'a', owner_id: 'b' }],
  ['the last one says nothing', { owner: 'a', owner_id: null }],
  ['the first one says nothing', { owner: null, owner_id: 'b' }],
  ['the record’s own says nothing, but a lifted one does', { owner: null, properties: { owner: 'c' } }],
])('%s', (_, record) => {
  expect(findSource(TRANSLATION, record, 'owner')?.value).toBe(translate(TRANSLATION, record)['owner'])
})
