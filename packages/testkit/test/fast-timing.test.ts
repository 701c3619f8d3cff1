import { describe, expect, test } from '@jest/globals'
import { createFastTiming } from '../src/fast-timing.ts'

describe('createFastTiming', () => {
  test('a pause takes no time and advances the clock', async () => {
    const { clock, sleep } = createFastTiming()
    const [began, real] = [clock(), Date.now()]
    for (const ms of [1000, 20_000]) await sleep(ms)
    expect(clock() - began).toBeGreaterThanOrEqual(21_000)
    expect(Date.now() - real).toBeLessThan(10_000)
  })

  test('concurrent pauses overlap', async () => {
    const { clock, sleep } = createFastTiming()
    const began = clock()
    await Promise.all([sleep(10_000), sleep(20_000), sleep(20_000)])
    expect(clock() - began).toBeGreaterThanOrEqual(20_000)
    expect(clock() - began).toBeLessThan(29_000)
  })

  test('a sleep of half a minute or longer is a timeout: only its signal ends it early', async () => {
    const { clock, sleep } = createFastTiming()
    const began = clock()
    const controller = new AbortController()
    const limit = sleep(60_000, controller.signal)
    controller.abort()
    await limit
    expect(clock() - began).toBeLessThan(20_000)
  })
})
