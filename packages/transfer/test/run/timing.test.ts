import { describe, expect, it } from '@jest/globals'
import { REAL_TIMING } from '../../src/run/timing.ts'

describe('REAL_TIMING.sleep', () => {
  it('waits longer than the longest timer, and ends when the signal is aborted', async () => {
    const controller = new AbortController()
    let hasEnded = false
    const sleeping = REAL_TIMING.sleep(2 ** 40, controller.signal).then(() => void (hasEnded = true))
    await REAL_TIMING.sleep(20)
    expect(hasEnded).toBe(false)
    controller.abort()
    await sleeping
    expect(hasEnded).toBe(true)
  })
})
