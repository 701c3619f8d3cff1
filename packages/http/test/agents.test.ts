import { afterEach, describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { createTransport, type Transport, type TransportOptions } from '../src/transport.ts'
import { readBody, CERT, DEAD_URL, KEY, serve, serveTls } from './server.ts'

const TOKEN = 'q7Xc2LmVt9Rb4KzHs8Yd'

const open: Transport[] = []
const transport = (options: TransportOptions) => {
  const created = createTransport(options)
  open.push(created)
  return created.client
}
afterEach(() => {
  for (const { close } of open.splice(0)) close()
})

/** A proxy that forwards and tunnels, and records requests. */
const serveProxy = async (authorization?: string) => {
  const seen: string[] = []
  const proxy = await serve((request, response) => {
    seen.push(
      `${request.method} ${request.url} ${request.headers['proxy-authorization'] ?? ''} ${String(request.headers['x-auth-token'] ?? '')}`,
    )
    const { 'proxy-authorization': _, ...headers } = request.headers
    request.pipe(
      httpRequest(request.url ?? '', { method: request.method, headers }, (answer) =>
        answer.pipe(response.writeHead(answer.statusCode ?? 500, answer.headers)),
      ),
    )
  })
  proxy.server.on('connect', (request, socket) => {
    seen.push(
      `CONNECT ${request.url} ${request.headers['proxy-authorization'] ?? ''} ${String(request.headers['x-auth-token'] ?? '')}`,
    )
    if (authorization !== undefined && request.headers['proxy-authorization'] !== authorization) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 2\r\n\r\nno')
      return
    }
    const [host, port] = (request.url ?? '').split(':')
    const upstream = connect(Number(port), host)
    socket.on('error', () => upstream.destroy())
    upstream.on('error', () => socket.destroy())
    upstream.once('connect', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      upstream.pipe(socket).pipe(upstream)
    })
  })
  return { ...proxy, seen }
}

describe('createTransport with TLS', () => {
  it('trusts only the configured authorities, unless verification is off', async () => {
    const server = await serveTls((_, response) => response.end('x'))
    const ask = (options: TransportOptions) =>
      transport(options)({ method: 'GET', url: server.url, headers: { 'x-auth-token': TOKEN } })()
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED']
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
    try {
      expect(await ask({ tls: { verify: true } })).toMatchObject(
        E.left({ _tag: 'Untrusted', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
      )
      expect(await ask({})).toMatchObject({ left: { _tag: 'Untrusted' } })
    } finally {
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before
    }
    expect(server.targets).toEqual([])
    expect(await ask({ tls: { verify: true, ca: CERT } })).toMatchObject({ right: { status: 200 } })
    expect(await ask({ tls: { verify: true, ca: `# Issuer: nobody\n${CERT}\n${CERT}` } })).toMatchObject({
      right: { status: 200 },
    })
    expect(await ask({ tls: { verify: false } })).toMatchObject({ right: { status: 200 } })
  })

  it('sends the client certificate', async () => {
    const server = await serveTls(
      (request, response) => response.end(String((request.socket as TLSSocket).getPeerCertificate().subject?.CN)),
      { requestCert: true, rejectUnauthorized: false },
    )
    expect(
      await transport({ tls: { verify: true, ca: CERT, cert: CERT, key: KEY } })({ method: 'GET', url: server.url })(),
    ).toMatchObject({ right: { text: 'imago test' } })
  })

  it('reports an invalid certificate or key', async () => {
    const server = await serveTls((_, response) => response.end())
    for (const tls of [
      { verify: true, cert: 'no certificate', key: KEY },
      { verify: true, cert: CERT, key: 'no key' },
      { verify: true, ca: 'no authority' },
    ])
      expect(await transport({ tls })({ method: 'GET', url: server.url })()).toMatchObject({
        left: { _tag: 'InvalidRequest' },
      })
  })

  it('fails for http to an https port, and the reverse', async () => {
    const secure = await serveTls((_, response) => response.end())
    const plain = await serve((_, response) => response.end())
    expect(await transport({})({ method: 'GET', url: `http://${secure.host}` })()).toMatchObject({
      left: { _tag: expect.stringMatching(/^(Network|BadBody|TlsFailed)$/) },
    })
    expect(await transport({})({ method: 'GET', url: `https://${plain.host}` })()).toMatchObject({
      left: { _tag: 'TlsFailed', problem: 'not-tls' },
    })
  })
})

describe('createTransport with a lookup function', () => {
  it('resolves names only by the given lookup function', async () => {
    const { server } = await serve((_, response) => response.end('{}'))
    const port = String((server.address() as { readonly port: number }).port)
    const lookups: string[] = []
    const client = transport({
      lookup: (name, { all }, done) => {
        lookups.push(name)
        if (name !== 'known.test') done(Object.assign(new Error('unknown'), { code: 'ENOTFOUND' }), '')
        else if (all === true) done(null, [{ address: '127.0.0.1', family: 4 }])
        else done(null, '127.0.0.1', 4)
      },
    })
    expect(await client({ method: 'GET', url: `http://known.test:${port}/` })()).toMatchObject({
      right: { status: 200 },
    })
    expect(await client({ method: 'GET', url: `http://localhost:${port}/` })()).toEqual(
      E.left({ _tag: 'Network', code: 'ENOTFOUND', origin: `http://localhost:${port}` }),
    )
    expect(lookups).toEqual(['known.test', 'localhost'])
  })
})

describe('createTransport with a proxy', () => {
  it('tunnels https requests through one connection, with separate credentials', async () => {
    const server = await serveTls(
      (request, response) =>
        void readBody(request).then((body) => response.end(`${request.headers['proxy-authorization']} ${body.length}`)),
    )
    const proxy = await serveProxy('Basic bWU6cEBzcw==')
    const client = transport({
      tls: { verify: true, ca: CERT },
      proxy: { http: null, https: `http://me:p%40ss@${proxy.host}`, except: '' },
    })
    for (const size of [1, 2, 3_000_000]) {
      const outcome = await client({
        method: 'PUT',
        url: `${server.url}/v2`,
        headers: { 'x-auth-token': TOKEN },
        body: { kind: 'bytes', bytes: new Uint8Array(size) },
      })()
      expect(outcome).toMatchObject({ right: { text: `undefined ${size}` } })
    }
    expect(proxy.seen).toEqual([`CONNECT ${server.host} Basic bWU6cEBzcw== `])
    expect(server.connections()).toBe(1)
    expect(server.requests[0]?.headers['x-auth-token']).toBe(TOKEN)
  })

  it("verifies the target's certificate and sends the client certificate through the tunnel", async () => {
    const server = await serveTls(
      (request, response) => response.end(String((request.socket as TLSSocket).getPeerCertificate().subject?.CN)),
      { requestCert: true, rejectUnauthorized: false },
    )
    const proxy = { http: null, https: (await serveProxy()).url, except: '' }
    expect(await transport({ proxy })({ method: 'GET', url: server.url })()).toMatchObject({
      left: { _tag: 'Untrusted' },
    })
    expect(await transport({ proxy, tls: { verify: false } })({ method: 'GET', url: server.url })()).toMatchObject({
      right: { status: 200 },
    })
    expect(
      await transport({ proxy, tls: { verify: true, ca: CERT, cert: CERT, key: KEY } })({
        method: 'GET',
        url: server.url,
      })(),
    ).toMatchObject({ right: { text: 'imago test' } })
  })

  it('does not send the token to a proxy that requires a password', async () => {
    const server = await serveTls((_, response) => response.end())
    const proxy = await serveProxy('Basic other')
    const client = transport({ tls: { verify: false }, proxy: { http: null, https: proxy.url, except: '' } })
    expect(await client({ method: 'GET', url: server.url, headers: { 'x-auth-token': TOKEN } })()).toEqual(
      E.left({ _tag: 'RefusedByProxy' }),
    )
    expect(proxy.seen.join()).not.toContain(TOKEN)
    expect(server.connections()).toBe(0)
  })

  it('forwards http requests, including streams', async () => {
    const server = await serve(
      (request, response) =>
        void readBody(request).then((body) => response.end(`${request.headers['proxy-authorization']} ${body.length}`)),
    )
    const proxy = await serveProxy()
    const client = transport({ proxy: { http: `http://me:pass@${proxy.host}`, https: null, except: '' } })
    async function* bytes() {
      for (let count = 0; count < 30; count++) yield new Uint8Array(100_000)
    }
    expect(await client({ method: 'GET', url: `${server.url}/a?b=c` })()).toMatchObject({
      right: { text: 'undefined 0' },
    })
    expect(
      await client({
        method: 'PUT',
        url: `${server.url}/file`,
        body: { kind: 'stream', size: null, isReopenable: true, open: () => async () => E.right(bytes()) },
      })(),
    ).toMatchObject({ right: { text: 'undefined 3000000' } })
    expect(proxy.seen).toEqual([
      `GET ${server.url}/a?b=c Basic bWU6cGFzcw== `,
      `PUT ${server.url}/file Basic bWU6cGFzcw== `,
    ])
  })

  it('connects to excepted hosts directly, and reports an invalid or unavailable proxy', async () => {
    const server = await serve((_, response) => response.end('direct'))
    const ask = (http: string, except: string) =>
      transport({ proxy: { http, https: null, except } })({ method: 'GET', url: server.url })()
    expect(await ask(DEAD_URL, '127.0.0.0/8')).toMatchObject({ right: { text: 'direct' } })
    expect(await ask(DEAD_URL.replace('//', '//user:hunter2@'), '')).toEqual(
      E.left({ _tag: 'Network', code: 'ECONNREFUSED', origin: server.url, proxy: DEAD_URL }),
    )
    for (const address of ['socks5://127.0.0.1:1', 'proxy:3128', 'http://me:%ff@127.0.0.1:1'])
      expect(await ask(address, '')).toMatchObject({ left: { _tag: 'InvalidRequest' } })
  })

  it('ignores the proxy of the environment', async () => {
    const server = await serve((_, response) => response.end('direct'))
    const before = process.env['HTTP_PROXY']
    process.env['HTTP_PROXY'] = DEAD_URL
    try {
      expect(await transport({})({ method: 'GET', url: server.url })()).toMatchObject({ right: { text: 'direct' } })
    } finally {
      if (before === undefined) delete process.env['HTTP_PROXY']
      else process.env['HTTP_PROXY'] = before
    }
  })

  it('closes idle connections when the transport is closed', async () => {
    const server = await serve((_, response) => response.end('x'))
    const created = createTransport()
    await created.client({ method: 'GET', url: server.url })()
    const socket = server.requests[0]?.socket
    created.close()
    await server.closed(0)
    expect(socket?.closed).toBe(true)
  })
})
