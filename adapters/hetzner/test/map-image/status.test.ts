import { describe, expect, it } from '@jest/globals'
import { toStatus } from '../../src/map-image/status.ts'
import { DELETED } from './reading.ts'

describe('mapping of Hetzner images: status', () => {
  it.each([
    ['creating', undefined, 'pending'],
    ['creating', null, 'pending'],
    ['available', null, 'available'],
    ['unavailable', null, 'unavailable'],
    ['available', DELETED, 'deleted'],
    ['creating', DELETED, 'deleted'],
    [null, DELETED, 'deleted'],
    ['a new word', null, 'unknown'],
    ['', null, 'unknown'],
    ['__proto__', null, 'unknown'],
    ['constructor', null, 'unknown'],
    [null, null, undefined],
    [undefined, undefined, undefined],
  ])('toStatus maps %p with deleted %p to %p', (status, deleted, expected) =>
    expect(toStatus(status, deleted)).toBe(expected),
  )
})
