import { ImageException, type ImageError } from '@imago/core'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { urlSource, type UrlBytes } from '../../src/bytes/url.ts'
import type { UrlOptions } from '../../src/bytes/url-session.ts'
import type { Network } from '../../src/bytes/network.ts'
import { gathered, readOutcome, pattern, SITE } from './chunks.ts'

const BYTES = pattern(300_000)

interface RecordedRequest {
  readonly url: string
  readonly host: string
  readonly headers: IncomingMessage['headers']
  readonly to: string
}

let server: Server
let port = 0
let requests: RecordedRequest[] = []
let handle: (request: IncomingMessage, response: ServerResponse) => void

/** Host names with the scopes that the test assigns them. All resolve to this machine. */
const ADDRESSES: Readonly<Record<string, readonly string[]>> = {
  'public.test': ['127.0.0.2'],
  'other.test': ['127.0.0.2'],
  'private.test': ['127.0.0.3'],
  'metadata.test': ['127.0.0.4'],
  'local.test': ['127.0.0.1'],
  'mixed.test': ['127.0.0.2', '127.0.0.3'],
}
const SCOPES = { '127.0.0.2': 'public', '127.0.0.3': 'private', '127.0.0.4': 'link-local' } as const

const network: Network = {
  resolve: async (name) => {
    const addresses = ADDRESSES[name]
    if (addresses === undefined) throw new Error('no such name')
    return addresses.map((address) => ({ address, family: 4 }))
  },
  findScope: (address) => (address in SCOPES ? SCOPES[address as keyof typeof SCOPES] : 'loopback'),
}

beforeEach(async () => {
  requests = []
  server = createServer((request, response) => {
    requests.push({
      url: request.url ?? '',
      host: request.headers.host ?? '',
      headers: request.headers,
      to: request.socket.localAddress ?? '',
    })
    handle(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve))
  port = (server.address() as AddressInfo).port
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const at = (host: string, path: string): string => `http://${host}:${port}${path}`

const openUrl = async (url: string, options: Partial<UrlOptions> = {}): Promise<E.Either<ImageError, UrlBytes>> =>
  urlSource(url, { site: SITE, network, timeoutMs: 5000, ...options })()

const opened = async (url: string, options: Partial<UrlOptions> = {}): Promise<UrlBytes> => {
  const answer = await openUrl(url, options)
  if (E.isLeft(answer)) throw new ImageException(answer.left)
  return answer.right
}

const unitToBytes = async ({ bytes }: UrlBytes, range?: { start: number; end: number | null }): Promise<Buffer> => {
  const answer = await bytes.open(range)()
  if (E.isLeft(answer)) throw new ImageException(answer.left)
  return gathered(answer.right)
}

const toError = (answer: E.Either<ImageError, unknown>): ImageError | null => (E.isLeft(answer) ? answer.left : null)
const thrownIn = (thrown: unknown): unknown => (ImageException.is(thrown) ? thrown.error : thrown)

interface Store {
  readonly bytes?: Buffer
  readonly etag?: string | null
  readonly ranges?: 'kept' | 'ignored' | 'everything'
  readonly isChunked?: boolean
}

/** A server that follows RFC 9110, or not. */
const serve =
  ({ bytes = BYTES, etag = '"one"', ranges = 'kept', isChunked = false }: Store = {}): typeof handle =>
  ({ headers }, response) => {
    const tags = etag === null ? {} : { etag }
    const [, start, end] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? []
    const isConditional = headers['if-range'] !== undefined && headers['if-range'] !== etag
    if (start === undefined || ranges === 'ignored' || isConditional) {
      response.writeHead(200, { ...tags, ...(isChunked ? {} : { 'content-length': bytes.length }) })
      response.end(bytes)
      return
    }
    const from = ranges === 'everything' ? 0 : Number(start)
    const to = ranges === 'everything' || end === '' ? bytes.length - 1 : Math.min(Number(end), bytes.length - 1)
    if (from > to) {
      response.writeHead(416, { ...tags, 'content-range': `bytes */${bytes.length}` })
      response.end()
      return
    }
    response.writeHead(206, {
      ...tags,
      'content-range': `bytes ${from}-${to}/${bytes.length}`,
      'content-length': to - from + 1,
    })
    response.end(bytes.subarray(from, to + 1))
  }

const redirectTo =
  (location: (request: IncomingMessage) => string | null, otherwise: typeof handle = serve()): typeof handle =>
  (request, response) => {
    const to = location(request)
    if (to === null) otherwise(request, response)
    else response.writeHead(302, { location: to }).end('elsewhere')
  }

describe('urlSource', () => {
  it.each<[string, Store]>([
    ['supports ranges', {}],
    ['has no ETag', { etag: null }],
    ['has a weak ETag', { etag: 'W/"one"' }],
    ['ignores ranges', { ranges: 'ignored' }],
    ['returns 206 with all bytes', { ranges: 'everything' }],
  ])('returns size, all bytes and any range from a server that %s', async (_, store) => {
    handle = serve(store)
    const source = await opened(at('public.test', '/image.raw'))
    expect(source.bytes.size).toBe(BYTES.length)
    expect((await unitToBytes(source)).equals(BYTES)).toBe(true)
    await fc.assert(
      fc.asyncProperty(fc.nat(BYTES.length), fc.option(fc.nat(BYTES.length * 2)), async (start, more) => {
        const end = more === null ? null : start + more
        expect((await unitToBytes(source, { start, end })).equals(BYTES.subarray(start, end ?? undefined))).toBe(true)
      }),
      { numRuns: 15 },
    )
  })

  it('returns the bytes of a server that sends no size', async () => {
    handle = serve({ ranges: 'ignored', isChunked: true })
    const source = await opened(at('public.test', '/image.raw'))
    expect(source.bytes.size).toBeNull()
    expect((await unitToBytes(source)).equals(BYTES)).toBe(true)
    expect((await unitToBytes(source, { start: 299_990, end: 400_000 })).equals(BYTES.subarray(299_990))).toBe(true)
    const answer = await source.bytes.open({ start: 300_001, end: null })()
    if (E.isLeft(answer)) throw new ImageException(answer.left)
    expect(thrownIn((await readOutcome(answer.right)).thrown)).toMatchObject({ _tag: 'Rejected' })
  })

  it('returns an empty file', async () => {
    handle = serve({ bytes: Buffer.alloc(0) })
    const source = await opened(at('public.test', '/empty'))
    expect(source.bytes.size).toBe(0)
    expect(await unitToBytes(source)).toHaveLength(0)
    expect(toError(await source.bytes.open({ start: 1, end: null })())).toMatchObject({ _tag: 'Rejected' })
  })

  it('sends If-Range with the ETag', async () => {
    handle = serve()
    const source = await opened(at('public.test', '/image.raw'))
    expect(source.etag).toBe('"one"')
    await unitToBytes(source, { start: 1000, end: null })
    expect(requests.at(-1)?.headers).toMatchObject({ range: 'bytes=1000-299999', 'if-range': '"one"' })
  })

  it.each<[string, Store, Store]>([
    ['ETag', {}, { etag: '"two"' }],
    ['ETag, and ranges are ignored', { ranges: 'ignored' }, { etag: '"two"', ranges: 'ignored' }],
    ['size', { etag: null }, { etag: null, bytes: pattern(299_999) }],
  ])('returns Conflict for another %s', async (_, first, second) => {
    handle = serve(first)
    const source = await opened(at('public.test', '/image.raw'))
    handle = serve(second)
    for (const range of [undefined, { start: 1000, end: null }])
      expect(toError(await source.bytes.open(range)())).toMatchObject({
        _tag: 'Conflict',
        what: expect.stringContaining('changed'),
      })
  })

  it('throws for too few or too many bytes', async () => {
    handle = serve()
    const source = await opened(at('public.test', '/image.raw'))
    handle = (_, response) => {
      response.writeHead(200, { etag: '"one"', 'content-length': BYTES.length })
      response.write(BYTES.subarray(0, 100_000), () => response.destroy())
    }
    const broken = await source.bytes.open()()
    if (E.isLeft(broken)) throw new ImageException(broken.left)
    expect(thrownIn((await readOutcome(broken.right)).thrown)).toMatchObject({ _tag: 'Unavailable' })
    const [early, late] = [
      { _tag: 'Unavailable', truncated: { received: 100_000, expected: 300_000 } },
      { _tag: 'IntegrityFailed', expected: '300000 bytes' },
    ]
    for (const [sent, error] of [
      [BYTES.subarray(0, 100_000), early],
      [Buffer.concat([BYTES, BYTES]), late],
    ] as const) {
      handle = (_, response) => response.writeHead(200, { etag: '"one"' }).end(sent)
      const answer = await source.bytes.open()()
      if (E.isLeft(answer)) throw new ImageException(answer.left)
      expect(thrownIn((await readOutcome(answer.right)).thrown)).toMatchObject(error)
    }
  })

  it('returns Unavailable if the server does not respond', async () => {
    handle = () => undefined
    expect(toError(await openUrl(at('public.test', '/image.raw'), { timeoutMs: 50 }))).toMatchObject({
      _tag: 'Unavailable',
    })
  })

  it('stops when the signal is aborted', async () => {
    handle = serve()
    expect(toError(await openUrl(at('public.test', '/'), { signal: AbortSignal.abort() }))).toMatchObject({
      _tag: 'Aborted',
    })
    expect(requests).toEqual([])
    const source = await opened(at('public.test', '/image.raw'))
    const controller = new AbortController()
    handle = (_, response) =>
      void response.writeHead(200, { etag: '"one"', 'content-length': BYTES.length }).write(BYTES.subarray(0, 1000))
    const answer = await source.bytes.open(undefined, controller.signal)()
    if (E.isLeft(answer)) throw new ImageException(answer.left)
    const iterator = answer.right[Symbol.asyncIterator]()
    await iterator.next()
    controller.abort()
    expect(thrownIn((await readOutcome({ [Symbol.asyncIterator]: () => iterator })).thrown)).toMatchObject({
      _tag: 'Aborted',
    })
  })

  it('closes the connection when left early', async () => {
    handle = serve()
    const source = await opened(at('public.test', '/image.raw'))
    const closed = new Promise<void>((resolve) => {
      handle = (request, response) => {
        request.socket.once('close', () => resolve())
        response.writeHead(200, { etag: '"one"', 'content-length': BYTES.length }).write(BYTES.subarray(0, 1000))
      }
    })
    const answer = await source.bytes.open()()
    if (E.isLeft(answer)) throw new ImageException(answer.left)
    await answer.right[Symbol.asyncIterator]().return?.()
    await closed
  })
})

describe('urlSource with redirects', () => {
  const hops = (count: number): typeof handle =>
    redirectTo(({ url = '' }) => {
      const hop = Number(url.slice(1))
      return hop < count ? `/${hop + 1}` : null
    })

  it('follows five redirects, and refuses six', async () => {
    handle = hops(5)
    const source = await opened(at('public.test', '/0'))
    expect(source.finalUrl).toBe(at('public.test', '/5'))
    requests = []
    expect((await unitToBytes(source)).equals(BYTES)).toBe(true)
    expect(requests.map(({ url }) => url)).toEqual(['/5'])
    handle = hops(6)
    expect(toError(await openUrl(at('public.test', '/0')))).toMatchObject({
      _tag: 'Rejected',
      what: expect.stringContaining('more than 5 times'),
    })
  })

  it('returns the final URL without its signature, which no error contains', async () => {
    handle = redirectTo(({ url }) => (url === '/a' ? at('other.test', '/b?X-Amz-Signature=SECRETSECRET') : null))
    const source = await opened(at('public.test', '/a'))
    expect(source.finalUrl).toBe(at('other.test', '/b?…'))
    handle = (_, response) => response.writeHead(500).end()
    const answer = await source.bytes.open()()
    expect(JSON.stringify(answer)).not.toContain('SECRET')
    expect(requests.map(({ host }) => host)).toEqual([
      `public.test:${port}`,
      `other.test:${port}`,
      `other.test:${port}`,
    ])
  })

  it('requests the first URL again after a redirect target expired', async () => {
    let round = 1
    handle = redirectTo(
      ({ url = '' }) => (url === '/a' ? `/signed?${round}` : null),
      (request, response) =>
        request.url === `/signed?${round}` ? serve()(request, response) : response.writeHead(403).end(),
    )
    const source = await opened(at('public.test', '/a'))
    round = 2
    expect((await unitToBytes(source, { start: 10, end: null })).equals(BYTES.subarray(10))).toBe(true)
    expect(requests.map(({ url }) => url)).toEqual(['/a', '/signed?1', '/signed?1', '/a', '/signed?2'])
  })

  it.each([
    ['public.test', 'private.test'],
    ['public.test', 'metadata.test'],
    ['public.test', 'local.test'],
    ['public.test', 'mixed.test'],
    ['public.test', '0x7f000001'],
    ['public.test', '2130706433'],
    ['public.test', '127.0.0.1'],
    ['private.test', 'metadata.test'],
    ['private.test', 'local.test'],
    ['mixed.test', 'private.test'],
  ])('refuses a redirect from %s to %s', async (from, to) => {
    handle = redirectTo(({ url }) => (url === '/a' ? at(to, '/b') : null))
    expect(toError(await openUrl(at(from, '/a')))).toMatchObject({
      _tag: 'Rejected',
      what: expect.stringMatching(/which has a (private|link-local|loopback)/),
    })
    expect(requests.map(({ url }) => url)).toEqual(['/a'])
  })

  it.each([
    ['local.test', 'public.test'],
    ['private.test', 'private.test'],
    ['private.test', 'public.test'],
    ['public.test', 'other.test'],
  ])('follows a redirect from %s to %s', async (from, to) => {
    handle = redirectTo(({ url }) => (url === '/a' ? at(to, '/b') : null))
    expect((await opened(at(from, '/a'))).finalUrl).toBe(at(to, '/b'))
  })

  it.each([
    ['file:///etc/passwd', 'the scheme file,'],
    ['http://user:word@other.test/', 'user or password'],
    ['http://', 'an invalid URL'],
    ['data:,x', 'the scheme data,'],
  ])('refuses a redirect to %s', async (location, what) => {
    handle = redirectTo(() => location)
    const error = toError(await openUrl(at('public.test', '/a')))
    expect(error).toMatchObject({ _tag: 'Rejected', what: expect.stringContaining(what) })
    expect(JSON.stringify(error)).not.toContain('word@')
  })

  it('refuses redirects from https to http, and verifies the certificate of the name', async () => {
    const pem = (name: string): string => readFileSync(join(__dirname, '../../../http/test/fixtures', name), 'utf8')
    let location = '/b'
    const secure = createTlsServer({ key: pem('key.pem'), cert: pem('cert.pem') }, (request, response) =>
      request.url === '/a' ? response.writeHead(307, { location }).end() : serve()(request, response),
    )
    await new Promise<void>((resolve) => secure.listen(0, '0.0.0.0', resolve))
    const securePort = (secure.address() as AddressInfo).port
    const options = {
      tls: { verify: true, ca: pem('cert.pem') },
      network: { ...network, resolve: async () => [{ address: '127.0.0.2', family: 4 }] },
    }
    try {
      const source = await opened(`https://localhost:${securePort}/a`, options)
      expect(source.finalUrl).toBe(`https://localhost:${securePort}/b`)
      expect((await unitToBytes(source)).equals(BYTES)).toBe(true)
      expect(toError(await openUrl(`https://public.test:${securePort}/b`, options))).toMatchObject({
        _tag: 'ConfigInvalid',
        what: expect.stringContaining('certificate'),
      })
      location = at('public.test', '/b')
      expect(toError(await openUrl(`https://localhost:${securePort}/a`, options))).toMatchObject({
        _tag: 'Rejected',
        what: expect.stringContaining('from https to http'),
      })
      expect(requests).toEqual([])
    } finally {
      secure.closeAllConnections()
      await new Promise((resolve) => secure.close(resolve))
    }
  })

  it('sends no cookies, credentials or referrer', async () => {
    handle = (request, response) =>
      request.url === '/a'
        ? response.writeHead(302, { location: at('other.test', '/b'), 'set-cookie': 'session=1; path=/' }).end()
        : serve()(request, response)
    await unitToBytes(await opened(at('public.test', '/a')))
    for (const { headers } of requests)
      for (const name of ['cookie', 'authorization', 'x-auth-token', 'referer', 'proxy-authorization'])
        expect(headers).not.toHaveProperty(name)
    expect(requests).toHaveLength(3)
  })
})

describe('urlSource with host names', () => {
  it('resolves a name once per request, and connects only to checked addresses', async () => {
    handle = serve()
    const answers = ['127.0.0.2', '127.0.0.1']
    let lookups = 0
    const rebinding: Network = {
      ...network,
      resolve: async () => [{ address: answers[lookups++] ?? '127.0.0.1', family: 4 }],
    }
    const source = await opened(at('rebind.test', '/image.raw'), { network: rebinding })
    expect(lookups).toBe(1)
    expect(requests.map(({ to }) => to)).toEqual(['127.0.0.2'])
    expect(toError(await source.bytes.open()())).toMatchObject({
      _tag: 'Rejected',
      what: expect.stringContaining('now has a'),
    })
    expect(requests).toHaveLength(1)
  })

  it('reports an unknown name', async () => {
    expect(toError(await openUrl(at('nowhere.test', '/')))).toMatchObject({
      _tag: 'Unavailable',
      what: expect.stringContaining('nowhere.test'),
    })
  })
})

describe('urlSource with invalid URLs and responses', () => {
  it.each([
    ['image.raw', 'not a URL'],
    ['ftp://example.org/image.raw', 'the scheme ftp,'],
    ['http://user:word@public.test/', 'user or password'],
  ])('refuses the URL %s', async (url, what) => {
    const error = toError(await openUrl(url))
    expect(error).toMatchObject({ _tag: 'Rejected', what: expect.stringContaining(what) })
    expect(JSON.stringify(error)).not.toContain('word@')
  })

  it.each([
    [404, 'NotFound'],
    [401, 'Unauthorized'],
    [403, 'Forbidden'],
    [429, 'RateLimited'],
    [503, 'Unavailable'],
    [400, 'Rejected'],
    [204, 'Rejected'],
    [304, 'Rejected'],
  ])('converts status %s to %s', async (status, tag) => {
    handle = (_, response) => response.writeHead(status).end()
    expect(toError(await openUrl(at('public.test', '/a?signature=SECRET')))).toMatchObject({ _tag: tag })
  })
})
