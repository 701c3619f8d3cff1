import { describe, expect, it } from '@jest/globals'
import { systemTiming } from '../src/timing.ts'

describe('systemTiming', () => {
  it('sleeps until the time or the abort', async () => {
    const controller = new AbortController()
    const sleeping = systemTiming.sleep(2 ** 40, controller.signal)
    controller.abort()
    await sleeping
    await systemTiming.sleep(1)
    expect(Math.abs(systemTiming.clock() - Date.now())).toBeLessThan(1000)
    expect(systemTiming.random()).toBeLessThan(1)
  })
})
