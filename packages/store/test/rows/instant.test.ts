import { toInstant } from '@imago/codec'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { instantToMicros, microsToInstant, toMicroseconds } from '../../src/rows/instant.ts'

const LAST = BigInt(Date.parse('9999-12-31T23:59:59.999Z')) * 1000n
const FIRST = BigInt(Date.parse('0000-01-01T00:00:00Z')) * 1000n

describe('instants in microseconds', () => {
  it('are the same after conversion in both directions', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: FIRST, max: LAST }), (micros) => {
        const instant = microsToInstant(micros)
        expect(instantToMicros(instant)).toBe(micros)
        expect(toInstant(instant)).toBe(instant)
      }),
    )
  })

  it.each([
    ['2026-01-01T00:00:00.123456789Z', '2026-01-01T00:00:00.123456Z'],
    ['2026-01-01T00:00:00.0000009Z', '2026-01-01T00:00:00Z'],
    ['2026-01-01T00:00:00.1234509Z', '2026-01-01T00:00:00.12345Z'],
    ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'],
  ])('%s is truncated to %s', (instant, cut) => {
    expect(toMicroseconds(instant)).toBe(cut)
  })
})
