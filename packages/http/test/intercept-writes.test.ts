import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import type { InterceptedRequest } from '../src/intercept-writes.ts'
import { clientFor, TOKEN } from './cloud-client.ts'
import { getStatus } from './scripted.ts'
import { serve } from './server.ts'

describe('interceptWrites', () => {
  it('sends requests that read, and intercepts others without credentials', async () => {
    const server = await serve((_, response) => response.end('{}'))
    const held: InterceptedRequest[] = []
    const client = clientFor(server.url, { intercept: (request) => held.push(request) })
    expect(getStatus(await client({ method: 'GET', url: '/v2/images' })())).toBe(200)
    const failed = E.left({ _tag: 'Intercepted' })
    expect(
      await client({
        method: 'PUT',
        url: '/v1/images/1',
        query: [['a', 'b c']],
        body: { kind: 'json', value: { labels: { a: '1' } } },
      })(),
    ).toEqual(failed)
    expect(await client({ method: 'DELETE', url: '/v1/images/1?c=d', query: [['e', 'f']] })()).toEqual(failed)
    expect(
      await client({
        method: 'POST',
        url: '/x',
        headers: { 'content-type': 'text/plain' },
        body: { kind: 'bytes', bytes: new Uint8Array(3) },
      })(),
    ).toEqual(failed)
    expect(await client({ method: 'PATCH', url: 'https://elsewhere.example/' })()).toEqual(
      E.left({ _tag: 'RefusedHost', origin: 'https://elsewhere.example' }),
    )
    expect(server.targets).toEqual(['GET /v2/images'])
    expect(held.map(({ method, url, body }) => ({ method, url, body }))).toEqual([
      { method: 'PUT', url: `${server.url}/v1/images/1?a=b+c`, body: { json: { labels: { a: '1' } } } },
      { method: 'DELETE', url: `${server.url}/v1/images/1?c=d&e=f`, body: null },
      { method: 'POST', url: `${server.url}/x`, body: { bytes: 3 } },
    ])
    expect(JSON.stringify(held)).not.toContain(TOKEN)
  })
})
