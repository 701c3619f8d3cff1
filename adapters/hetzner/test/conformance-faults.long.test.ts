import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { ImageSource } from '@imago/core/provider'
import { createTransport } from '@imago/http'
import { createHetznerSimulator, type HetznerSimulator } from '@imago/simulator'
import {
  checkImageSource,
  createFaultProxy,
  createFastTiming,
  type CheckResult,
  type FaultProxy,
  type Subject,
} from '@imago/testkit'
import * as E from 'fp-ts/lib/Either.js'
import { createHetznerSource } from '../src/index.ts'

const transport = createTransport()
let simulator: HetznerSimulator
let proxy: FaultProxy

beforeAll(async () => {
  simulator = await createHetznerSimulator({ actionMs: 1, rateLimit: { limit: 100_000 } })
  proxy = await createFaultProxy({ target: simulator.url })
})
afterAll(async () => {
  await proxy.close()
  await simulator.close()
  transport.close()
})

/** A source that connects through the proxy. */
const make = (): ImageSource =>
  createHetznerSource({
    name: 'prod',
    endpoint: proxy.url,
    token: simulator.token,
    connection: { transport: transport.client, userAgent: 'imago/test', timing: createFastTiming() },
  })

/** Runs the read-only checks, as the author of an adapter with a test server does. */
const collectResults = async (wrap: (source: ImageSource) => ImageSource): Promise<readonly CheckResult[]> => {
  const subject: Subject = {
    capabilities: make().capabilities,
    make: () => wrap(make()),
    readOnly: true,
    timing: { soonMs: 2000 },
    faults: { port: () => proxy },
    server: () => '',
  }
  return checkImageSource(subject)
}

const listFailed = (results: readonly CheckResult[]): readonly string[] =>
  results.filter(({ status }) => status === 'failed').map(({ name }) => name)

describe('checkImageSource, with a fault proxy before the simulator', () => {
  it('passes for the adapter', async () => {
    const results = await collectResults((source) => source)
    // The subject has no server to create an image from.
    expect(listFailed(results)).toEqual(['servers lists the server for createFromServer, and filters by name'])
    expect(results.filter(({ status }) => status === 'passed').map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'refused credentials are Unauthorized (reading methods)',
        'too many requests are RateLimited, with the time to wait if the server returns it (reading methods)',
        'a connection that breaks during a response is Unavailable',
        'an unreadable response is DecodeFailed',
        'an unreadable record is in rejected, with the reason',
        'an unexpected key is in drift',
        'aborting while the provider does not respond is promptly Aborted (reading methods)',
      ]),
    )
  })

  it('fails for a source that throws on 503, ignores aborts, and omits rejected and drift', async () => {
    const wrong = (source: ImageSource): ImageSource => ({
      ...source,
      get: (id, options) => async () => {
        const image = await (options?.signal?.aborted === true ? source.get(id, options) : source.get(id))()
        if (E.isLeft(image) && image.left._tag === 'Unavailable') throw new Error('503')
        return image
      },
      listPage:
        (...args) =>
        async () => {
          const page = await source.listPage(...args)()
          return E.isLeft(page) ? page : E.right({ ...page.right, rejected: [], drift: [] })
        },
    })
    expect(listFailed(await collectResults(wrong))).toEqual(
      expect.arrayContaining([
        'a server error 503 is Unavailable (reading methods)',
        'aborting while the provider does not respond is promptly Aborted (reading methods)',
        'an unreadable record is in rejected, with the reason',
        'an unexpected key is in drift',
      ]),
    )
  })
})

describe('conformance of the Hetzner source under faults', () => {
  it('the proxy counts and forwards requests', async () => {
    const before = await proxy.requests()
    const answer = await fetch(`${proxy.url}/images?per_page=1`, {
      headers: { authorization: `Bearer ${simulator.token}` },
    })
    expect(answer.status).toBe(200)
    expect(await proxy.requests()).toBe(before + 1)
  })
})
