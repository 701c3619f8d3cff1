import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import { rateLimit } from '../src/rate-limit.ts'
import type { AttemptResult } from '../src/retry.ts'
import type { Pause } from '../src/request-pause.ts'
import { answer, GET, scripted, getStatus } from './scripted.ts'
import { jumpingTime, manualTime, never, signpost, turn } from './time.ts'

const START = 1_800_000_000_000
/** As at Hetzner: 3600 requests per hour, one refills each second, and all have refilled at the reset. */
const left = (remaining: number, now = START) => ({
  'RateLimit-Limit': '3600',
  'RateLimit-Remaining': String(remaining),
  'RateLimit-Reset': String(now / 1000 + (3600 - remaining)),
})

describe('rateLimit', () => {
  it('does not wait while requests remain or no limit is reported', async () => {
    for (const headers of [
      {},
      left(5),
      { 'ratelimit-remaining': '0' },
      { 'ratelimit-remaining': 'none', 'ratelimit-reset': 'never' },
    ]) {
      const { timing, sleeps } = jumpingTime()
      const { client, requests } = scripted(answer(200, headers))
      const limited = rateLimit({ ...timing, refill: 'gradually' })(client)
      for (let count = 0; count < 3; count++) expect(getStatus(await limited(GET)())).toBe(200)
      expect(requests).toHaveLength(3)
      expect(sleeps).toEqual([])
    }
  })

  it('waits for one request to refill, and keeps the order of waiting requests', async () => {
    const { timing, sleeps } = jumpingTime()
    const order: string[] = []
    const { client } = scripted(answer(200, left(0)), ({ url }) => {
      order.push(url)
      return answer(200)
    })
    const limited = rateLimit({ ...timing, refill: 'gradually' })(client)
    await limited(GET)()
    await Promise.all(['a', 'b', 'c', 'd'].map((url) => limited({ ...GET, url })()))
    expect(sleeps).toEqual([1000, 1000, 1000, 1000])
    expect(order).toEqual(['a', 'b', 'c', 'd'])
  })

  it('waits for the reset if all requests refill at once', async () => {
    const { timing, sleeps } = jumpingTime()
    const { client } = scripted(
      answer(200, { 'ratelimit-limit': '10', 'ratelimit-remaining': '0', 'ratelimit-reset': '7' }),
      answer(200),
    )
    const limited = rateLimit({ ...timing, refill: 'at-once' })(client)
    for (let count = 0; count < 3; count++) await limited(GET)()
    expect(sleeps).toEqual([7000])
  })

  it('reports only waits of 10 s or more', async () => {
    const pauses: Pause[] = []
    const { timing } = jumpingTime()
    const { client } = scripted(
      answer(200, { 'ratelimit-remaining': '0', 'ratelimit-reset': '9' }),
      answer(200, { 'ratelimit-remaining': '0', 'ratelimit-reset': '25' }),
      answer(429, { 'retry-after': '40' }),
      answer(200),
    )
    const limited = rateLimit({ ...timing, refill: 'at-once', onPause: (pause) => void pauses.push(pause) })(client)
    for (let count = 0; count < 4; count++) await limited(GET)()
    const { method, url } = GET
    expect(pauses).toEqual([
      {
        method,
        url,
        waitMs: 25_000,
        reason: 'the rate limit of the server is used up (RateLimit-Remaining: 0)',
        next: null,
      },
      { method, url, waitMs: 40_000, reason: 'rate limit reached (429)', next: null },
    ])
  })

  it('counts requests in flight', async () => {
    const { timing, advance } = manualTime(START)
    let sent = 0
    const { client } = scripted(answer(200, left(2)), () => {
      sent++
      return never
    })
    const limited = rateLimit({ ...timing, refill: 'gradually' })(client)
    await limited(GET)()
    for (let count = 0; count < 4; count++) void limited(GET)()
    await turn()
    expect(sent).toBe(2)
    await advance(1000)
    expect(sent).toBe(3)
    await advance(999)
    expect(sent).toBe(3)
    await advance(1)
    expect(sent).toBe(4)
  })

  it('still counts requests in flight after a response', async () => {
    const { timing, advance } = manualTime(START)
    const { reach, reached } = signpost<AttemptResult>()
    let sent = 0
    const { client } = scripted(answer(200, left(3)), () => (sent++ === 0 ? reached : never))
    const limited = rateLimit({ ...timing, refill: 'gradually' })(client)
    await limited(GET)()
    const first = limited(GET)()
    for (let count = 0; count < 4; count++) void limited(GET)()
    await turn()
    expect(sent).toBe(3)
    reach(answer(200, left(2)))
    await first
    await advance(999)
    expect(sent).toBe(3)
    await advance(1)
    expect(sent).toBe(4)
  })

  it("uses the server's clock for the reset", async () => {
    const { timing, sleeps } = jumpingTime(START)
    const theirs = START + 3_600_000
    const { client } = scripted(answer(200, { ...left(0, theirs), date: new Date(theirs).toUTCString() }), answer(200))
    const limited = rateLimit({ ...timing, refill: 'gradually' })(client)
    await limited(GET)()
    await limited(GET)()
    expect(sleeps).toEqual([1000])
  })

  it('delays all requests after a 429 with Retry-After, and fails if it is too long', async () => {
    const { timing, sleeps, advance } = jumpingTime()
    const { client, requests } = scripted(
      answer(429, { 'retry-after': '30' }),
      answer(429, { 'retry-after': '999' }),
      answer(200),
    )
    const limited = rateLimit({ ...timing, refill: 'gradually' })(client)
    expect(getStatus(await limited(GET)())).toBe(429)
    expect(getStatus(await limited(GET)())).toBe(429)
    expect(sleeps).toEqual([30_000])
    expect(await limited(GET)()).toEqual(E.left({ _tag: 'RateLimited', retryAfterMs: 999_000 }))
    expect(requests.length).toBe(2)
    advance(900_000)
    expect(getStatus(await limited(GET)())).toBe(200)
    expect(sleeps).toEqual([30_000, 99_000])
  })

  it('sleeps again, for a minimum time, if a sleep ends too early', async () => {
    let now = START
    const sleeps: number[] = []
    const sleep = async (ms: number): Promise<void> => {
      sleeps.push(ms)
      now += ms === 10 ? 10 : ms - 1
    }
    const { client } = scripted(answer(200, left(0)), answer(200))
    const limited = rateLimit({ clock: () => now, sleep, refill: 'gradually' })(client)
    await limited(GET)()
    await limited(GET)()
    expect(sleeps).toEqual([1000, 10])
  })

  it('removes an aborted request from the queue at once', async () => {
    const { timing, advance } = manualTime(START)
    const { client, requests } = scripted(answer(200, left(0)), answer(200))
    const limited = rateLimit({ ...timing, refill: 'gradually' })(client)
    await limited(GET)()
    const controller = new AbortController()
    const first = limited(GET)()
    const second = limited({ ...GET, signal: controller.signal })()
    const third = limited(GET)()
    await turn()
    controller.abort()
    expect(await second).toEqual(E.left({ _tag: 'Aborted' }))
    await advance(2000)
    expect(getStatus(await first)).toBe(200)
    expect(getStatus(await third)).toBe(200)
    expect(requests).toHaveLength(3)
  })

  it('removes an aborted request from the head of the queue', async () => {
    const { timing, advance } = manualTime(START)
    const { client, requests } = scripted(answer(200, left(0)), answer(200))
    const limited = rateLimit({ ...timing, refill: 'gradually' })(client)
    await limited(GET)()
    const controller = new AbortController()
    const first = limited({ ...GET, signal: controller.signal })()
    const second = limited(GET)()
    await turn()
    controller.abort()
    expect(await first).toEqual(E.left({ _tag: 'Aborted' }))
    await advance(1000)
    expect(getStatus(await second)).toBe(200)
    expect(requests).toHaveLength(2)
  })
})
