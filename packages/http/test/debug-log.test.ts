import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import fc from 'fast-check'
import { createTransport } from '../src/transport.ts'
import { debugLog } from '../src/debug-log.ts'
import { BrokenBody } from '../src/failure.ts'
import { toHeaders } from '../src/headers.ts'
import type { HttpClient, HttpRequest, StreamResponse } from '../src/port.ts'
import { DEAD_URL, serve } from './server.ts'
import { answer, fails, GET, scripted } from './scripted.ts'

const logged = (client: HttpClient, msEach = 42) => {
  const lines: string[] = []
  let now = 0
  return {
    lines,
    client: debugLog({ write: (line) => void lines.push(line), clock: () => (now += msEach) - msEach })(client),
  }
}

const streamed = (bytes: AsyncIterable<Uint8Array>): E.Either<never, StreamResponse> =>
  E.right({
    kind: 'stream',
    status: 200,
    headers: toHeaders([['x-openstack-request-id', 'req-1']]),
    url: '',
    bytes,
    close: () => undefined,
  })

describe('debugLog', () => {
  it('writes a line for each exchange', async () => {
    const { client, lines } = logged(
      scripted(
        answer(200, { 'X-Correlation-Id': '55d1e2b0' }, 'grüße'),
        answer(404),
        fails({ _tag: 'Network', code: 'ECONNRESET' }),
        fails({ _tag: 'Aborted' }),
      ).client,
    )
    await client({ ...GET, url: 'https://api.cloud.example:8443/v1/images?page=2' })()
    for (const method of ['DELETE', 'POST', 'HEAD'] as const) await client({ ...GET, method })()
    expect(lines).toEqual([
      'GET https://api.cloud.example:8443/v1/images 200 42 ms 7 B 55d1e2b0',
      'DELETE https://cloud.example/v2/images 404 42 ms 0 B',
      'POST https://cloud.example/v2/images Network ECONNRESET 42 ms',
      'HEAD https://cloud.example/v2/images Aborted 42 ms',
    ])
  })

  it('writes one line for a streamed response when it ends', async () => {
    const chunks = async function* () {
      yield new Uint8Array(10)
      yield new Uint8Array(20)
    }
    const breaking = async function* () {
      yield new Uint8Array(10)
      throw new BrokenBody({ _tag: 'Timeout', timeoutMs: 1 })
    }
    const { client, lines } = logged(
      scripted(streamed(chunks()), streamed(chunks()), streamed(breaking()), streamed(chunks())).client,
    )
    for (const how of ['end', 'break', 'break by itself', 'close']) {
      const outcome = await client(GET)()
      if (E.isLeft(outcome) || outcome.right.kind !== 'stream') throw new Error('no stream')
      expect(lines.length).toBeLessThan(4)
      try {
        if (how === 'close') outcome.right.close()
        else for await (const _ of outcome.right.bytes) if (how === 'break') break
      } catch (thrown) {
        expect(how).toBe('break by itself')
        expect(thrown).toBeInstanceOf(BrokenBody)
      }
      outcome.right.close()
    }
    expect(lines).toEqual([
      'GET https://cloud.example/v2/images 200 42 ms 30 B req-1',
      'GET https://cloud.example/v2/images 200, then closed 42 ms 10 B req-1',
      'GET https://cloud.example/v2/images 200, then Timeout 42 ms 10 B req-1',
      'GET https://cloud.example/v2/images 200, then closed 42 ms 0 B req-1',
    ])
  })

  it('escapes line breaks from the server', async () => {
    const { client, lines } = logged(scripted(answer(200, { 'x-request-id': 'a\n\u001b[31mb' })).client)
    await client(GET)()
    expect(lines).toEqual(['GET https://cloud.example/v2/images 200 42 ms 0 B a [31mb'])
  })

  it('never contains secrets', async () => {
    const server = await serve((request, response) => {
      request.resume().on('end', () => {
        const echo = request.headers['x-auth-token'] as string | undefined
        response
          .writeHead(request.method === 'DELETE' ? 401 : 200, {
            'x-subject-token': echo ?? '',
            'set-cookie': `session=${echo}`,
            location: `/?token=${echo}`,
          })
          .end(echo)
      })
    })
    const secret = fc.stringMatching(/^[A-Za-z0-9]{16,64}$/)
    const method = fc.constantFrom('GET' as const, 'POST' as const, 'DELETE' as const)
    const place = fc.constantFrom(server.url, DEAD_URL)
    const transport = createTransport().client
    await fc.assert(
      fc.asyncProperty(secret, method, place, fc.boolean(), async (token, method, url, isStream) => {
        const requests: readonly HttpRequest[] = [
          {
            method,
            url: `${url}/v2/images?sig=${token}#${token}`,
            query: [[token, token]],
            headers: { 'x-auth-token': token, authorization: `Bearer ${token}`, cookie: token },
          },
          {
            method,
            url: `${url}/v3/auth/tokens`,
            headers: { 'x-auth-token': token },
            body: { kind: 'json', value: { auth: { password: token } } },
          },
          { method, url: url.replace('://', `://user:${token}@`) },
          { method, url: `${url}/`, headers: { [token]: `${token}\n` } },
          { method, url: `${token}:${token}` },
        ]
        const { client, lines } = logged(transport)
        for (const request of requests) {
          const outcome = await client({ ...request, responseKind: isStream ? 'stream' : 'text' })()
          if (E.isRight(outcome) && outcome.right.kind === 'stream') for await (const _ of outcome.right.bytes);
        }
        expect(lines.length).toBe(requests.length)
        expect(lines.join('\n').toLowerCase()).not.toContain(token.toLowerCase())
      }),
      { numRuns: 40 },
    )
  }, 120_000)
})
