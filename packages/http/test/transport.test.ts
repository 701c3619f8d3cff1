import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import { getEventListeners } from 'node:events'
import type { ServerResponse } from 'node:http'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { parseJsonBody } from '../src/send-text.ts'
import { createTransport } from '../src/transport.ts'
import type { HttpFailure } from '../src/failure.ts'
import type { HttpRequest, HttpResponse, TextResponse } from '../src/port.ts'
import { readBody, DEAD_URL, serve, serveRaw } from './server.ts'
import { signpost } from './time.ts'

const { client } = createTransport({ maxTextBytes: 1_000_000 })

const ask = (request: Partial<HttpRequest> & { readonly url: string }) => client({ method: 'GET', ...request })()

const answered = (outcome: E.Either<HttpFailure, HttpResponse>): TextResponse => {
  if (E.isLeft(outcome) || outcome.right.kind !== 'text') throw new Error(`no text: ${JSON.stringify(outcome)}`)
  return outcome.right
}

const TOKEN = 'q7Xc2LmVt9Rb4KzHs8Yd'
const withToken = { headers: { authorization: `Bearer ${TOKEN}`, 'x-auth-token': TOKEN } }

describe('requests of createTransport', () => {
  it('append query parameters in order, including repeated names', async () => {
    const server = await serve((_, response) => response.end())
    const response = answered(
      await ask({
        url: `${server.url}/v1/images?page=1`,
        query: [
          ['type', 'a'],
          ['sort', 'name:asc'],
          ['type', 'b'],
          ['q', 'a&b=c d'],
        ],
      }),
    )
    expect(server.targets).toEqual(['GET /v1/images?page=1&type=a&sort=name%3Aasc&type=b&q=a%26b%3Dc+d'])
    expect(response.url).toBe(`${server.url}/v1/images?page=1&type=a&sort=name%3Aasc&type=b&q=a%26b%3Dc+d`)
  })

  it('have no headers added by axios', async () => {
    const server = await serve((_, response) => response.end())
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const)
      await ask({ method, url: `${server.url}/` })
    for (const { headers } of server.requests) {
      expect(headers).toMatchObject({ accept: 'application/json', 'accept-encoding': 'gzip' })
      expect(Object.keys(headers)).not.toContain('content-type')
      expect(Object.keys(headers)).not.toContain('user-agent')
    }
    expect(server.requests[1]?.headers['content-length']).toBe('0')
  })

  it('send JSON and bytes, with their content types', async () => {
    const bodies: string[] = []
    const server = await serve(
      (request, response) => void readBody(request).then((body) => response.end(bodies.push(body.toString()) && '')),
    )
    const patch = { 'Content-Type': 'application/openstack-images-v2.1-json-patch' }
    await ask({ method: 'POST', url: server.url, body: { kind: 'json', value: { name: 'ü' } } })
    await ask({ method: 'POST', url: server.url, body: { kind: 'json', value: '{"a":1}' } })
    await ask({ method: 'PATCH', url: server.url, headers: patch, body: { kind: 'json', value: [] } })
    await ask({
      method: 'PUT',
      url: server.url,
      body: { kind: 'bytes', bytes: new Uint8Array([1, 65, 66, 2]).subarray(1, 3) },
    })
    expect(bodies).toEqual(['{"name":"ü"}', '"{\\"a\\":1}"', '[]', 'AB'])
    expect(server.requests.map(({ headers }) => headers['content-type'])).toEqual([
      'application/json',
      'application/json',
      'application/openstack-images-v2.1-json-patch',
      'application/octet-stream',
    ])
  })

  it('are refused before sending if they are invalid', async () => {
    const server = await serve((_, response) => response.end())
    const refused = [
      { headers: { 'x-auth-token': `${TOKEN}\n` } },
      { headers: { 'x-auth-token': `${TOKEN}\r\nx-other: 1` } },
      { headers: { [`x\r\n${TOKEN}`]: '1' } },
      { headers: { Host: 'elsewhere.example' } },
      { headers: { 'Transfer-Encoding': 'chunked' } },
      { body: { kind: 'json', value: 1n } },
      { body: { kind: 'json', value: undefined } },
      { url: `http://user:${TOKEN}@${server.host}/` },
      { url: `http://${TOKEN}@${server.host}/` },
      { url: `file:///etc/${TOKEN}` },
      { url: `data:text/plain,${TOKEN}` },
      { url: '/v2/images' },
      { url: `http:${TOKEN} ` },
    ] as const
    for (const request of refused) {
      const outcome = await ask({ url: server.url, ...request })
      expect(outcome).toMatchObject({ left: { _tag: 'InvalidRequest' } })
      expect(JSON.stringify(outcome)).not.toContain(TOKEN)
    }
    expect(server.targets).toEqual([])
  })

  it('reuse one connection', async () => {
    const server = await serve((_, response) => response.writeHead(200, { 'content-length': '1' }).end('x'))
    await ask({ url: server.url })
    await ask({ url: server.url, method: 'HEAD' })
    await ask({ url: server.url, method: 'PUT', body: { kind: 'json', value: 1 } })
    await ask({ url: server.url })
    expect(server.connections()).toBe(1)
  })
})

describe('responses of createTransport', () => {
  it.each([200, 204, 300, 302, 400, 401, 404, 429, 500, 503])('are returned with status %i', async (status) => {
    const server = await serve((_, response) =>
      response
        .writeHead(status, {
          location: 'http://127.0.0.1:9/',
          'X-Thing': 'A',
          'set-cookie': ['a=1', 'b=2'],
          __proto__x: '1',
        })
        .end(),
    )
    const response = answered(await ask({ url: server.url, ...withToken }))
    expect(response.status).toBe(status)
    expect(server.targets).toEqual(['GET /'])
    expect(response.headers.get('x-THING')).toBe('A')
    expect(response.headers.get('set-cookie')).toBe('a=1, b=2')
    expect(response.headers.get('constructor')).toBeNull()
    expect([...response.headers.entries()].every(([name]) => name === name.toLowerCase())).toBe(true)
  })

  it('do not include invalid JSON in the error', async () => {
    const server = await serve((_, response) =>
      response.setHeader('content-type', 'application/json').end(`{"token": "${TOKEN}`),
    )
    const response = answered(await ask({ url: server.url }))
    expect(response.text).toBe(`{"token": "${TOKEN}`)
    expect(parseJsonBody(response)).toEqual(
      E.left({ _tag: 'BadBody', what: 'the response is not valid JSON (content type: application/json)' }),
    )
    expect(parseJsonBody({ ...response, text: ' ' })).toEqual(
      E.left({ _tag: 'BadBody', what: 'the response is empty' }),
    )
    expect(parseJsonBody({ ...response, text: '[1]' })).toEqual(E.right([1]))
  })

  it('decode gzip, byte order marks and characters split across chunks', async () => {
    const text = 'grüße 🚀'.repeat(1000)
    const server = await serve((_, response) =>
      response.setHeader('content-encoding', 'gzip').end(gzipSync(`\u{feff}${text}`)),
    )
    expect(answered(await ask({ url: server.url })).text).toBe(text)
    const slow = await serve(
      (_, response) =>
        void (async () => {
          for (const byte of Buffer.from('ü🚀'))
            await new Promise((resolve) => response.write(Buffer.of(byte), resolve))
          response.end()
        })(),
    )
    expect(answered(await ask({ url: slow.url })).text).toBe('ü🚀')
  })

  const plain = (text: string): Buffer => Buffer.from(text)

  it.each<readonly [string, (text: string) => Buffer]>([
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['BR', brotliCompressSync],
    ['gzip, br', (text) => brotliCompressSync(gzipSync(text))],
    ['identity, gzip', gzipSync],
    ['gzip', plain],
    ['deflate', plain],
    ['br', plain],
    ['aws-chunked', plain],
  ])('decode %s if the body has it (%#)', async (coding, encode) => {
    for (const text of ['{"images": []}', '', `["${'grüße 🚀'.repeat(1000)}"]`]) {
      const server = await serve((_, response) => response.setHeader('content-encoding', coding).end(encode(text)))
      expect(answered(await ask({ url: server.url })).text).toBe(text)
    }
  })

  it('to HEAD have headers and no body', async () => {
    const server = await serve((_, response) =>
      response.writeHead(200, { 'content-length': '99999999999', 'content-encoding': 'gzip' }).end(),
    )
    const response = answered(await ask({ method: 'HEAD', url: server.url }))
    expect(response.text).toBe('')
    expect(response.headers.get('content-length')).toBe('99999999999')
  })

  it('are text for errors even if a stream was requested', async () => {
    const server = await serve((_, response) => response.writeHead(404).end('{"message": "no"}'))
    expect(answered(await ask({ url: server.url, responseKind: 'stream' })).text).toBe('{"message": "no"}')
    expect(server.requests[0]?.headers).toMatchObject({
      accept: 'application/json, */*;q=0.5',
      'accept-encoding': 'identity',
    })
  })
})

describe('failures of createTransport', () => {
  const failing = async (write: (response: ServerResponse) => unknown) => {
    const server = await serve((_, response) => void write(response))
    return E.swap(await ask({ url: server.url, ...withToken }))
  }
  const tag = (what: string) => ({ right: { _tag: what } })

  it('for responses that are too large as announced, received or decompressed', async () => {
    const large = { right: { _tag: 'TooLarge', part: 'body', limit: 1_000_000 } }
    expect(
      await failing((response) => response.writeHead(200, { 'content-length': '1000001' }).write('x')),
    ).toMatchObject(large)
    expect(await failing((response) => response.end(Buffer.alloc(1_000_001)))).toMatchObject(large)
    expect(
      await failing((response) =>
        response.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(50_000_000))),
      ),
    ).toMatchObject(large)
    expect(await failing((response) => response.end(Buffer.alloc(1_000_000)))).toMatchObject({ left: { status: 200 } })
  })

  it('for truncated or damaged gzip, and unsupported codings', async () => {
    const packed = gzipSync(JSON.stringify(Array.from({ length: 1000 }, (_, index) => index ** 3)))
    expect(
      await failing((response) => response.setHeader('content-encoding', 'gzip').end(packed.subarray(0, 20))),
    ).toMatchObject(tag('BadBody'))
    expect(
      await failing((response) =>
        response
          .setHeader('content-encoding', 'gzip')
          .end(Buffer.concat([packed.subarray(0, 1000), Buffer.alloc(500, 0xff)])),
      ),
    ).toMatchObject(tag('BadBody'))
    const compress = {
      right: {
        _tag: 'BadBody',
        what: 'the response is compressed with compress, which was not requested and has no decoder here',
      },
    }
    expect(
      await failing((response) => response.setHeader('content-encoding', 'compress').end(Buffer.of(0x1f, 0x9d, 0x90))),
    ).toMatchObject(compress)
  })

  it('for a reset or truncated body', async () => {
    expect(await failing((response) => response.write('half', () => response.socket?.resetAndDestroy()))).toMatchObject(
      { right: { _tag: 'Network', code: 'ECONNRESET' } },
    )
    for (const head of ['Content-Length: 100', 'Transfer-Encoding: chunked']) {
      const url = await serveRaw((socket) =>
        socket.once('data', () => socket.end(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n9\r\n{"a":1`)),
      )
      expect(await ask({ url })).toMatchObject({ left: { _tag: 'Network', code: 'ECONNRESET' } })
    }
  })

  it('for a refused or closed connection, endless headers, and no HTTP', async () => {
    expect(await ask({ url: `${DEAD_URL}/v1?secret=x`, ...withToken })).toEqual(
      E.left({ _tag: 'Network', code: 'ECONNREFUSED', origin: DEAD_URL }),
    )
    const hangUp = await serveRaw((socket) => socket.once('data', () => socket.destroy()))
    expect(await ask({ url: hangUp })).toEqual(E.left({ _tag: 'Network', code: 'ECONNRESET', origin: hangUp }))
    const huge = await serveRaw((socket) =>
      socket.once('data', () => socket.end(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(200_000)}\r\n\r\n`)),
    )
    expect(await ask({ url: huge })).toMatchObject({ left: { _tag: 'TooLarge', part: 'headers' } })
    const other = await serveRaw((socket) => socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.2\r\n')))
    expect(await ask({ url: other })).toMatchObject({
      left: { _tag: 'BadBody', what: expect.stringMatching(/^the response of \S+ is not HTTP \(HPE_\w+\)$/) },
    })
  })

  it.each([
    [
      'two lengths',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}',
      'it has several Content-Length headers, or one with a Transfer-Encoding (HPE_UNEXPECTED_CONTENT_LENGTH)',
    ],
    [
      'a length that is none',
      'HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n{}',
      'its Content-Length is not a number (HPE_INVALID_CONTENT_LENGTH)',
    ],
    [
      'a folded header',
      'HTTP/1.1 200 OK\r\nX-A: a\r\n b\r\nContent-Length: 2\r\n\r\n{}',
      'one of its headers has a forbidden character or line break (HPE_INVALID_HEADER_TOKEN)',
    ],
    ['lines without CR', 'HTTP/1.1 200 OK\nContent-Length: 2\n\n{}', 'its lines do not end in CR LF (HPE_CR_EXPECTED)'],
  ])('name the violation of HTTP: %s', async (_, text, rule) => {
    const url = await serveRaw((socket) => socket.once('data', () => socket.end(text)))
    expect(await ask({ url })).toEqual(
      E.left({
        _tag: 'BadBody',
        what: `the response of ${url} violates HTTP: ${rule}`,
        hint: expect.stringMatching(/^Check the server/),
      }),
    )
  })

  it('for a switch of protocols that was not requested', async () => {
    const url = await serveRaw((socket) =>
      socket.once('data', () =>
        socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n'),
      ),
    )
    expect(await ask({ url })).toMatchObject({
      left: { _tag: 'BadBody', what: `${url} switched to another protocol (101) without a request` },
    })
  })

  it('not for headers of 100 kB, or several 1xx responses', async () => {
    const url = await serveRaw((socket) =>
      socket.once('data', () =>
        socket.end(
          `${'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n'.repeat(5000)}HTTP/1.1 200 OK\r\nx: ${'x'.repeat(100_000)}\r\nContent-Length: 2\r\n\r\n{}`,
        ),
      ),
    )
    expect(answered(await ask({ url })).text).toBe('{}')
  })

  it('not for a compressed transfer coding', async () => {
    const packed = gzipSync('{"a": 1}')
    const url = await serveRaw((socket) =>
      socket.once('data', () =>
        socket.end(
          Buffer.concat([
            Buffer.from(`HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n${packed.length.toString(16)}\r\n`),
            packed,
            Buffer.from('\r\n0\r\n\r\n'),
          ]),
        ),
      ),
    )
    expect(answered(await ask({ url })).text).toBe('{"a": 1}')
  })

  it('contain nothing of the request', async () => {
    const outcome = await ask({
      url: `${DEAD_URL}/${TOKEN}?sig=${TOKEN}`,
      ...withToken,
      method: 'PUT',
      body: { kind: 'json', value: TOKEN },
    })
    expect(JSON.stringify(outcome)).not.toContain(TOKEN)
  })
})

describe('an aborted signal', () => {
  it('sends nothing if aborted before', async () => {
    const server = await serve((_, response) => response.end())
    expect(await ask({ url: server.url, signal: AbortSignal.abort() })).toEqual(E.left({ _tag: 'Aborted' }))
    expect(server.targets).toEqual([])
  })

  it('ends a request while waiting or reading text', async () => {
    for (const isStarted of [false, true]) {
      const controller = new AbortController()
      const server = await serve((_, response) => {
        if (isStarted) response.write('half')
        setImmediate(() => controller.abort())
      })
      expect(await ask({ url: server.url, signal: controller.signal })).toEqual(E.left({ _tag: 'Aborted' }))
      await server.closed(0)
    }
  })

  it('has no listeners after the response was read', async () => {
    const { signal } = new AbortController()
    const server = await serve((_, response) => response.end('x'))
    const { reach, reached } = signpost()
    await ask({ url: server.url, signal })
    await ask({ url: DEAD_URL, signal })
    const outcome = await ask({ url: server.url, signal, responseKind: 'stream' })
    if (E.isLeft(outcome) || outcome.right.kind !== 'stream') throw new Error('no stream')
    for await (const _ of outcome.right.bytes) reach()
    await reached
    await new Promise((resolve) => setImmediate(resolve))
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})
