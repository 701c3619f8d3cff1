import { describe, expect, it } from '@jest/globals'
import { toOrigins } from '../../src/map-image/origins.ts'

describe('toOrigins', () => {
  const from = { relation: 'created-from', kind: 'server', id: '7', name: 'web', url: null }
  const bound = { relation: 'bound-to', kind: 'server', id: '7', name: null, url: null }

  it.each([
    ['both', { created_from: { id: 7, name: 'web' }, bound_to: 7 }, [from, bound]],
    ['a server', { created_from: { id: 7, name: 'web' }, bound_to: null }, [from]],
    ['a server without a name', { created_from: { id: 7, name: null } }, [{ ...from, name: null }]],
    ['a name only', { created_from: { name: 'web' } }, [{ ...from, id: null }]],
    ['a server without ID and name', { created_from: {} }, undefined],
    ['no server', { created_from: null, bound_to: null }, null],
    ['nothing', {}, undefined],
  ])('returns the origins of a record with %s', (_, wire, expected) => expect(toOrigins(wire)).toEqual(expected))
})
