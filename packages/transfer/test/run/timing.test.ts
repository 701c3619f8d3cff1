import { expect, test } from '@jest/globals'
import { REAL_TIMING } from '../../src/run/timing.ts'

test('a wait that is longer than a timer can be does not end at once, and ends by its signal', async () => {
  const controller = new AbortController()
  let hasEnded = false
  const sleeping = REAL_TIMING.sleep(2 ** 40, controller.signal).then(() => void (hasEnded = true))
  await REAL_TIMING.sleep(20)
  expect(hasEnded).toBe(false)
  controller.abort()
  await sleeping
  expect(hasEnded).toBe(true)
})
