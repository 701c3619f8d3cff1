import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createHetznerSimulator, createManualClock, type HetznerSimulator, type ManualClock } from '@imago/simulator'
import { getCloud, PROVIDERS, simulatedClouds } from './clouds.ts'
import { jumpingTime, type JumpingTime } from './time.ts'

const { list, strike, asked } = simulatedClouds()

describe.each(PROVIDERS)('%s: rate limits', (provider) => {
  const cloud = getCloud(provider)

  it('waits once for the time of Retry-After, and continues', async () => {
    const { stdout: expected } = await list([cloud])
    const before = asked(provider).length
    strike(provider, { kind: 'status', status: 429, headers: { 'retry-after': '17' } }, { after: 1, times: 1 })
    const { code, stdout, stderr, time } = await list([cloud])
    expect({ code, stderr, stdout }).toEqual({ code: 0, stderr: '', stdout: expected })
    expect(asked(provider)).toHaveLength(2 * before + 1)
    expect(Math.max(...time.waits)).toBeGreaterThanOrEqual(17_000)
    expect(time.waits.length).toBeLessThanOrEqual(2)
  })

  it('waits longer each time without Retry-After, and finally fails', async () => {
    strike(provider, { kind: 'status', status: 429, headers: { 'ratelimit-remaining': '', 'ratelimit-reset': '' } })
    const { code, stdout, stderr, time } = await list([cloud])
    expect({ code, stdout }).toEqual({ code: 5, stdout: '' })
    expect(stderr).toMatch(/: list images: .*HTTP 429/)
    expect(asked(provider)).toHaveLength(6)
    expect(time.waits).toHaveLength(5)
    expect(time.waits).toEqual(time.waits.toSorted((a, b) => a - b))
  })

  it('fails with the time if Retry-After is an hour', async () => {
    strike(provider, { kind: 'status', status: 429, headers: { 'retry-after': '3600' } })
    const { code, stdout, stderr, time } = await list([cloud])
    expect({ code, stdout }).toEqual({ code: 5, stdout: '' })
    expect(stderr).toMatch(/; asked to wait 3600 s \(GET \S+, HTTP 429/)
    expect(asked(provider)).toHaveLength(1)
    expect(time.waits).toEqual([])
  })

  it('waits if Retry-After is invalid', async () => {
    for (const value of ['-1', '0', 'soon', 'Thu, 01 Jan 1970 00:00:00 GMT', '1e999']) {
      const before = asked(provider).length
      strike(
        provider,
        {
          kind: 'status',
          status: 429,
          headers: {
            'retry-after': value,
            'ratelimit-remaining': '-5',
            'ratelimit-reset': '0',
            'ratelimit-limit': '0',
          },
        },
        { times: 3 },
      )
      const { code, time } = await list([cloud])
      expect(code).toBe(0)
      expect(asked(provider).length - before).toBeLessThan(12)
      expect(time.waits.filter((ms) => ms >= 250).length).toBeGreaterThanOrEqual(3)
    }
  })
})

describe('a simulated rate limit', () => {
  let hetzner: HetznerSimulator
  let clock: ManualClock
  let time: JumpingTime

  beforeAll(async () => {
    clock = createManualClock(Date.parse('2026-11-22T12:00:00Z'))
    hetzner = await createHetznerSimulator({
      clock: clock.now,
      extraSnapshots: 500,
      rateLimit: { limit: 4, perSecond: 0.5 },
    })
    // Sleeping advances the clock of the simulator, too.
    const { timing, ...rest } = jumpingTime({ start: clock.now() })
    time = {
      ...rest,
      timing: {
        ...timing,
        sleep: (ms, signal) =>
          ms === 60_000 ? timing.sleep(ms, signal) : (clock.advance(ms), timing.sleep(ms, signal)),
      },
    }
  })
  afterAll(() => hetzner.close())

  it('lists more pages than the limit allows at once, each as early as allowed', async () => {
    const { code, stdout, stderr } = await list([], {
      time,
      env: {
        HCLOUD_CONFIG: '',
        OS_CLIENT_CONFIG_FILE: '/nowhere',
        HCLOUD_TOKEN: hetzner.token,
        HCLOUD_ENDPOINT: hetzner.url,
      },
    })
    const requests = hetzner.requests.all().length
    expect({ code, stderr: stderr.replace(/^.*warning.*\n/gm, '') }).toEqual({ code: 0, stderr: '' })
    expect(stdout.split('\n').length).toBeGreaterThan(530)
    expect(requests).toBeGreaterThan(10)
    // Few requests are refused.
    expect(requests).toBeLessThan(16)
    expect(clock.now() - Date.parse('2026-11-22T12:00:00Z')).toBeLessThan(60_000)
  })
})
