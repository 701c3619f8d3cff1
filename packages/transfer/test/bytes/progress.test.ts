import { expect, test } from '@jest/globals'
import { countBytes, createRate } from '../../src/bytes/progress.ts'
import { gathered, pattern, watched } from './chunks.ts'

test('bytes are counted as they pass, from where it began', async () => {
  const told: number[] = []
  expect(
    await gathered(countBytes(watched([pattern(3), pattern(4)]).bytes, (passed) => told.push(passed), 100)),
  ).toHaveLength(7)
  expect(told).toEqual([103, 107])
})

test('a rate is of the last seconds: a stall shows, a restart begins anew', () => {
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

test('many small chunks cost no memory: samples that are near are one', () => {
  let now = 0
  const rate = createRate(() => now, 10_000)
  for (let passed = 0; passed <= 100_000; passed += 10) {
    rate.note(passed)
    now += 1
  }
  expect(rate.perSecond()).toBeCloseTo(10_000, -2)
})
