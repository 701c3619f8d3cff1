import { describe, expect, it } from '@jest/globals'
import { rateLimit } from '../src/rate-limit.ts'
import { systemTiming } from '../src/timing.ts'
import { clientFor, TOKEN } from './cloud-client.ts'
import { readBody, serve } from './server.ts'
import { jumpingTime } from './time.ts'

describe('createHttpClient', () => {
  it('sends all attempts with one ID, a log line each, within the rate limit', async () => {
    const time = jumpingTime()
    const lines: string[] = []
    let count = 0
    const server = await serve(
      (request, response) =>
        void readBody(request).then(() => {
          count++
          if (count === 1) response.writeHead(503).end()
          else if (count === 2) response.writeHead(429, { 'retry-after': '7' }).end()
          else response.end('{"images": []}')
        }),
    )
    let ids = 0
    const client = clientFor(`${server.url}/v2`, {
      timing: {
        ...systemTiming,
        clock: time.timing.clock,
        random: () => 0.5,
        sleep: (ms, signal) => (ms === 60_000 ? systemTiming.sleep(ms, signal) : time.timing.sleep(ms)),
      },
      rateLimit: rateLimit({ ...time.timing, refill: 'gradually' }),
      requestId: { header: 'X-Openstack-Request-Id', next: () => `req-${++ids}` },
      log: (line) => void lines.push(line),
    })
    expect(await client({ method: 'GET', url: '/images', headers: { a: 'b' } })()).toMatchObject({
      right: { status: 200, text: '{"images": []}' },
    })
    expect(
      server.requests.map(({ headers }) => [
        headers['user-agent'],
        headers['x-openstack-request-id'],
        headers['x-auth-token'],
        headers['a'],
      ]),
    ).toEqual(Array.from({ length: 3 }, () => ['imago/0.1.0', 'req-1', TOKEN, 'b']))
    expect(time.sleeps).toEqual([250, 7000])
    expect(lines).toEqual([
      `GET ${server.url}/v2/images 503 0 ms 0 B`,
      `GET ${server.url}/v2/images 429 0 ms 0 B`,
      `GET ${server.url}/v2/images 200 0 ms 14 B`,
    ])
    await client({ method: 'GET', url: '/images' })()
    expect(ids).toBe(2)
  })

  it('sends the request again when run again', async () => {
    const server = await serve((_, response) => response.end())
    const send = clientFor(server.url)({ method: 'GET', url: '/' })
    await send()
    await send()
    expect(server.targets.length).toBe(2)
  })
})
