import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { createRecordReader, readOptionalPart, readRecordAt, readRecords } from '../../src/live/index.ts'

const readDisk = createRecordReader('small', t.intersection([t.type({ id: t.number }), t.partial({ name: t.string })]))

describe('createRecordReader', () => {
  it('returns the pointers of an unreadable record and of its faults', () =>
    expect(readDisk({ id: 'x' }, '/disks/3')).toMatchObject(
      E.left({
        provider: 'small',
        pointer: '/disks/3',
        issues: [{ pointer: '/disks/3/id' }],
        raw: { id: 'x' },
      }),
    ))

  it('leaves out an optional field of a wrong type', () =>
    expect(readDisk({ id: 1, name: 7 }, '')).toEqual(E.right({ id: 1 })))
})

describe('readRecords', () => {
  it('reads the others when one record cannot be read', () => {
    const { items, rejected } = readRecords([{ id: 1 }, null, { id: 3 }], 'disks', readDisk)
    expect(items).toEqual([{ id: 1 }, { id: 3 }])
    expect(rejected.map(({ pointer }) => pointer)).toEqual(['/disks/1'])
  })
})

describe('readRecordAt', () => {
  const read = readRecordAt(t.type({ disk: t.unknown }), 'disk', readDisk)

  it('reads the record under the key', () => expect(read({ disk: { id: 1 } })).toEqual(E.right({ id: 1 })))

  it('returns the issues of a record that cannot be read', () =>
    expect(read({ disk: {} })).toMatchObject(E.left([{ pointer: '/disk/id' }])))
})

describe('readOptionalPart', () => {
  it.each([null, undefined])('returns null for %s', (part) =>
    expect(readOptionalPart(part, '/disk', readDisk)).toEqual(E.right(null)),
  )

  it('reads a record that is present', () =>
    expect(readOptionalPart({ id: 1 }, '/disk', readDisk)).toEqual(E.right({ id: 1 })))
})
