import { describe, expect, it } from '@jest/globals'
import { toOrphan } from '../src/index.ts'

describe('toOrphan', () => {
  it('converts the ID to text and the time of creation to an instant', () =>
    expect(
      toOrphan({
        kind: 'server',
        id: 42,
        name: 'imago-r1',
        created: '2026-11-22T15:00:00+01:00',
        run: 'r1',
        epoch: '7',
      }),
    ).toEqual({ kind: 'server', id: '42', name: 'imago-r1', run: 'r1', epoch: 7, createdAt: '2026-11-22T14:00:00Z' }))

  it('has no run, name or time of creation if the provider returns none', () =>
    expect(toOrphan({ kind: 'image', id: 'a', created: 'yesterday' })).toEqual({
      kind: 'image',
      id: 'a',
      name: null,
      run: '',
      epoch: null,
      createdAt: null,
    }))

  it.each(['', 'x', '-1', '1.5', '99999999999'])('has no epoch if the tag is %j', (epoch) =>
    expect(toOrphan({ kind: 'image', id: 'a', run: 'r1', epoch }).epoch).toBeNull(),
  )
})
