import { describe, expect, it } from '@jest/globals'
import type { HttpFailure } from '@imago/http'
import { createHetznerApi } from '../src/index.ts'
import {
  errorBody,
  getError,
  jumpingTime,
  optionsFor,
  serveApi,
  getValue,
  type LocalApi,
  type Reply,
} from './local-api.ts'
import { hetznerRetry } from '../src/retry.ts'

const image = { json: { image: { id: 7 } } }
const made = { status: 201, json: { image: { id: 8 }, action: { id: 13, status: 'running' } } }

/** Sends `reply` twice, then a successful response. */
const recovering = (reply: Reply): Promise<LocalApi> =>
  serveApi(({ method }, index) => (index < 2 ? reply : method === 'POST' ? made : image))

const apiError = (status: number, code: string): Reply => ({ status, json: errorBody(code) })

const NOTHING_DONE: Readonly<Record<string, Reply>> = {
  conflict: apiError(409, 'conflict'),
  rate_limit_exceeded: apiError(429, 'rate_limit_exceeded'),
  'a bare 429': { status: 429 },
}
const MAYBE_DONE: Readonly<Record<string, Reply>> = {
  bad_gateway: apiError(502, 'bad_gateway'),
  timeout: apiError(504, 'timeout'),
  'a gateway’s 502': {
    status: 502,
    text: '<html><title>502 Bad Gateway</title></html>',
    headers: { 'content-type': 'text/html' },
  },
  'a bare 504': { status: 504 },
  'a broken connection': { breaks: true },
}
const LASTING: Readonly<Record<string, Reply>> = {
  locked: apiError(423, 'locked'),
  protected: apiError(423, 'protected'),
  unavailable: apiError(503, 'unavailable'),
  'a bare 503': { status: 503 },
  service_error: apiError(422, 'service_error'),
  server_error: apiError(500, 'server_error'),
  resource_unavailable: apiError(412, 'resource_unavailable'),
  'an unknown code with the status of a gateway': apiError(502, 'brand_new'),
}

describe('an error after which the API did nothing', () => {
  it.each(Object.entries(NOTHING_DONE))('is retried for any method: %s', async (_, reply) => {
    const api = await recovering(reply)
    expect(await getValue(createHetznerApi(optionsFor(api.url)).images.get(7))).toEqual({ id: 7 })
    expect(api.requests()).toEqual(Array(3).fill('GET /images/7'))
    const again = await recovering(reply)
    expect(await getValue(createHetznerApi(optionsFor(again.url)).servers.createImage(42, {}))).toMatchObject({
      image: { id: 8 },
    })
    expect(again.asked.length).toBe(3)
  })
})

describe('an error after which the request may have been carried out', () => {
  it.each(Object.entries(MAYBE_DONE))('is retried only for idempotent requests: %s', async (_, reply) => {
    const reading = await recovering(reply)
    expect(await getValue(createHetznerApi(optionsFor(reading.url)).images.get(7))).toEqual({ id: 7 })
    expect(reading.asked.length).toBe(3)

    const making = await recovering(reply)
    expect(await getError(createHetznerApi(optionsFor(making.url)).servers.createImage(42, {}))).toMatchObject({
      _tag: 'Unavailable',
      hint: 'The request may have been carried out: check before you retry',
    })
    expect(making.asked.length).toBe(1)

    const protecting = await serveApi((__, index) =>
      index < 2 ? reply : { status: 201, json: { action: { id: 1, status: 'success' } } },
    )
    expect(
      await getValue(createHetznerApi(optionsFor(protecting.url)).images.changeProtection(7, { delete: true })),
    ).toEqual({ id: 1, status: 'success' })
    expect(protecting.asked.length).toBe(3)
  })
})

describe('a lasting error', () => {
  it.each(Object.entries(LASTING))('is not retried: %s', async (_, reply) => {
    const api = await recovering(reply)
    await getError(createHetznerApi(optionsFor(api.url)).images.get(7))
    expect(api.asked.length).toBe(1)
  })
})

describe('hetznerRetry', () => {
  it('retries five times, after 1 s and then after growing random times', async () => {
    const { timing, sleeps } = jumpingTime()
    const api = await serveApi(() => apiError(409, 'conflict'))
    expect(await getError(createHetznerApi(optionsFor(api.url, { timing })).images.get(7))).toMatchObject({
      _tag: 'Unavailable',
      what: 'it is conflict',
    })
    expect(api.asked.length).toBe(6)
    expect(sleeps).toEqual([1000, 1500, 2500, 4500, 8500])
  })

  it.each<[HttpFailure, string]>([
    [{ _tag: 'Timeout', timeoutMs: 1 }, 'if-idempotent'],
    [{ _tag: 'Network', code: 'ETIMEDOUT' }, 'if-idempotent'],
    [{ _tag: 'Network', code: 'ECONNRESET' }, 'if-idempotent'],
    [{ _tag: 'Network', code: 'ECONNREFUSED' }, 'never'],
    [{ _tag: 'Network', code: 'ENOTFOUND' }, 'never'],
    [{ _tag: 'Untrusted', code: 'CERT_HAS_EXPIRED' }, 'never'],
    [{ _tag: 'Aborted' }, 'never'],
  ])('decides for %j: %s', (failure, decideRetry) =>
    expect(hetznerRetry.decide({ _tag: 'Left', left: failure })).toBe(decideRetry),
  )

  it('waits for the rate limit, which allows one request a second', async () => {
    const { timing, sleeps } = jumpingTime()
    const reset = String(1_800_000_000 + 3600)
    const api = await serveApi(() => ({
      ...image,
      headers: {
        'ratelimit-limit': '3600',
        'ratelimit-remaining': '0',
        'ratelimit-reset': reset,
        date: new Date(1_800_000_000_000).toUTCString(),
      },
    }))
    const { images } = createHetznerApi(optionsFor(api.url, { timing }))
    await getValue(images.get(7))
    expect(sleeps).toEqual([])
    await getValue(images.get(7))
    expect(sleeps).toEqual([1000])
  })
})
