import { describe, expect, it } from '@jest/globals'
import { toStatus } from '../../src/map-image/status.ts'

describe('mapping of Glance images: status', () => {
  it.each([
    ['queued', 'pending'],
    ['saving', 'pending'],
    ['uploading', 'pending'],
    ['importing', 'pending'],
    ['active', 'available'],
    ['deactivated', 'unavailable'],
    ['killed', 'failed'],
    ['pending_delete', 'deleting'],
    ['deleted', 'deleted'],
    ['ACTIVE', 'unknown'],
    ['', 'unknown'],
    ['__proto__', 'unknown'],
    [null, null],
    [undefined, undefined],
  ])('toStatus(%p) returns %p', (status, expected) => expect(toStatus(status)).toBe(expected))
})
