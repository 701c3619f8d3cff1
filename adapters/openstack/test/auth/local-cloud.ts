import { afterEach } from '@jest/globals'
import { createTransport, type ClientOptions, type Timing } from '@imago/http'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'

/** A received request. */
export interface Seen {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A response; an object is sent as JSON. */
export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

export interface LocalServer {
  /** `http://127.0.0.1:port` */
  readonly url: string
  readonly seen: Seen[]
  /** Method and path of the received requests. */
  readonly asked: () => readonly string[]
}

const closing: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const read = async (stream: AsyncIterable<unknown>): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

type Responder = (seen: Seen, count: number) => Reply | null

const serving = async (
  answer: Responder,
  scheme: string,
  create: (listener: RequestListener) => Server,
): Promise<LocalServer> => {
  const seen: Seen[] = []
  const server = create((request, response) => {
    void read(request).then((body) => {
      const one: Seen = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body }
      const reply = answer(one, seen.push(one))
      if (reply === null) {
        request.socket.destroy()
        return
      }
      const isText = typeof reply.body === 'string' || reply.body === undefined
      response.writeHead(reply.status, { 'content-type': isText ? 'text/html' : 'application/json', ...reply.headers })
      response.end(isText ? reply.body : JSON.stringify(reply.body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return {
    url: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    asked: () => seen.map(({ method, path }) => `${method} ${path}`),
  }
}

/** Starts a loopback server that runs until the test ends. The reply `null` breaks the connection. */
export const serve = (answer: Responder): Promise<LocalServer> =>
  serving(answer, 'http', (listener) => createServer(listener))

const pem = (name: string): string =>
  readFileSync(new URL(`../../../../packages/http/test/fixtures/${name}.pem`, import.meta.url), 'utf8')

/** Like `serve`, with TLS and a self-signed certificate. */
export const serveTls = (answer: Responder): Promise<LocalServer> =>
  serving(answer, 'https', (listener) => createTlsServer({ key: pem('key'), cert: pem('cert') }, listener))

/** The recorded response in the file with this prefix. */
export const recorded = (file: string): Reply => {
  const { response } = JSON.parse(
    readFileSync(new URL(`../../../../schemas/openstack/fixtures/recordings/${file}.json`, import.meta.url), 'utf8'),
  ) as {
    readonly response: {
      readonly status: number
      readonly headers: Readonly<Record<string, string>>
      readonly body: unknown
    }
  }
  const { status, headers, body } = response
  const kept = Object.entries(headers).filter(([name]) => !/^(content-length|date|transfer-encoding)$/i.test(name))
  return {
    status,
    headers: Object.fromEntries(kept.map(([name, value]) => [name, value.replace(/<TOKEN>/, 'recorded-token')])),
    body,
  }
}

/** A clock that only sleeping and `advance` move. */
export const jumpingTime = (start = Date.parse('2026-11-22T15:08:54Z')) => {
  let now = start
  const sleeps: number[] = []
  const timing: Timing = {
    clock: () => now,
    // A timeout that never expires must not fire at once.
    sleep: (ms, signal) => {
      if (signal !== undefined && ms === NEVER_MS)
        return new Promise((resolve) => signal.addEventListener('abort', () => resolve()))
      sleeps.push(ms)
      now += ms
      return Promise.resolve()
    },
    random: () => 0.5,
  }
  return { timing, sleeps, advance: (ms: number) => void (now += ms) }
}

/** Timeout for tests that must not time out. */
export const NEVER_MS = 86_400_000

/** A connection that records its debug log. */
export const connect = (
  timing: Timing = jumpingTime().timing,
  rest: Partial<ClientOptions> = {},
): { readonly connection: ClientOptions; readonly lines: string[] } => {
  const transport = createTransport()
  const lines: string[] = []
  closing.push(async () => transport.close())
  return {
    connection: {
      transport: transport.client,
      userAgent: 'imago/test',
      timing,
      timeoutMs: NEVER_MS,
      log: (line) => void lines.push(line),
      ...rest,
    },
    lines,
  }
}

/** The `auth` object of a login request, which must be of this shape. */
export const readAuth = ({ body }: Seen): unknown => (JSON.parse(body) as { readonly auth: unknown }).auth

/** A successful login response of Keystone. */
export const tokenReply = (
  token: string,
  {
    catalog,
    expiresAt = '2026-11-22T16:08:54.000000Z',
    date = 'Sun, 22 Nov 2026 15:08:54 GMT',
  }: { readonly catalog?: unknown; readonly expiresAt?: string; readonly date?: string } = {},
): Reply => ({
  status: 201,
  headers: { 'x-subject-token': token, date },
  body: {
    token: {
      methods: ['password'],
      expires_at: expiresAt,
      user: { id: 'u1', name: 'ada', domain: { id: 'default', name: 'Default' } },
      project: { id: 'p1', name: 'demo', domain: { id: 'default', name: 'Default' } },
      roles: [{ id: 'r1', name: 'member' }],
      ...(catalog === undefined ? {} : { catalog }),
    },
  },
})

/** A service with one public endpoint. */
export const service = (type: string, url: string, region = 'RegionOne'): unknown => ({
  type,
  name: type,
  endpoints: [{ interface: 'public', region_id: region, region, url }],
})

export const REFUSED: Reply = {
  status: 401,
  body: { error: { code: 401, title: 'Unauthorized', message: 'The request you have made requires authentication.' } },
}
