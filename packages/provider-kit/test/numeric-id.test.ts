import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parseNumericId } from '../src/index.ts'

describe('parseNumericId', () => {
  it('reads back every exact positive integer', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (id) => parseNumericId(String(id)) === id),
    ))

  it.each(['', '0', '-1', '007', '1.5', '1e3', ' 1', '0x10', '9007199254740992', '1'.repeat(20), 'web-1'])(
    'returns null for %j',
    (text) => expect(parseNumericId(text)).toBeNull(),
  )
})
