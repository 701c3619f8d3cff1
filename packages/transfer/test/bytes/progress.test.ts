import { describe, expect, it } from '@jest/globals'
import { countBytes, createRate } from '../../src/bytes/progress.ts'
import { gathered, pattern, watched } from './chunks.ts'

describe('countBytes', () => {
  it('counts bytes from the given start', async () => {
    const counts: number[] = []
    expect(
      await gathered(countBytes(watched([pattern(3), pattern(4)]).bytes, (passed) => counts.push(passed), 100)),
    ).toHaveLength(7)
    expect(counts).toEqual([103, 107])
  })
})

describe('createRate', () => {
  it('returns the rate of the last seconds, and starts again after a restart', () => {
    let now = 0
    const rate = createRate(() => now, 10_000)
    expect(rate.perSecond()).toBeNull()
    rate.note(0)
    expect(rate.perSecond()).toBeNull()
    for (let second = 1; second <= 30; second += 1) {
      now = second * 1000
      rate.note(second * 100)
    }
    expect(rate.perSecond()).toBe(100)
    expect(rate.secondsTo(4000)).toBe(10)
    expect(rate.secondsTo(null)).toBeNull()
    expect(rate.secondsTo(2000)).toBe(0)
    now += 10_000
    expect(rate.perSecond()).toBe(0)
    expect(rate.secondsTo(4000)).toBeNull()
    rate.note(50)
    expect(rate.perSecond()).toBeNull()
    now += 2000
    rate.note(250)
    expect(rate.perSecond()).toBe(100)
  })

  it('merges close samples', () => {
    let now = 0
    const rate = createRate(() => now, 10_000)
    for (let passed = 0; passed <= 100_000; passed += 10) {
      rate.note(passed)
      now += 1
    }
    expect(rate.perSecond()).toBeCloseTo(10_000, -2)
  })
})
