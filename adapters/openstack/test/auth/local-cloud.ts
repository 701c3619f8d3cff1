import { afterEach } from '@jest/globals'
import { createTransport, type ClientOptions, type Timing } from '@imago/http'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'

/** A request as the server saw it. */
export interface Seen {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** An answer: what is an object goes as JSON. */
export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

export interface LocalServer {
  /** `http://127.0.0.1:port` */
  readonly url: string
  readonly seen: Seen[]
  /** Method and path of all that was asked. */
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

type ImageResult = (seen: Seen, count: number) => Reply | null

const serving = async (
  answer: ImageResult,
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

/** A server on loopback, until the test is over. `null`: it breaks the connection. */
export const serve = (answer: ImageResult): Promise<LocalServer> =>
  serving(answer, 'http', (listener) => createServer(listener))

const pem = (name: string): string =>
  readFileSync(new URL(`../../../../packages/http/test/fixtures/${name}.pem`, import.meta.url), 'utf8')

/** The same with TLS, and a certificate that it made itself. */
export const serveTls = (answer: ImageResult): Promise<LocalServer> =>
  serving(answer, 'https', (listener) => createTlsServer({ key: pem('key'), cert: pem('cert') }, listener))

/** The recorded answer of a real server whose file begins so. */
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

/** A time that only sleeping and `advance` move. */
export const jumpingTime = (start = Date.parse('2026-11-22T15:08:54Z')) => {
  let now = start
  const sleeps: number[] = []
  const timing: Timing = {
    clock: () => now,
    // A timeout that is waited for in vain must not come at once.
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

/** The timeout of these tests, which never comes. */
export const NEVER_MS = 86_400_000

/** A connection whose debug log is kept. */
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

/** The wish of a login, without its secrets being looked at. */
export const readAuth = ({ body }: Seen): unknown => (JSON.parse(body) as { readonly auth: unknown }).auth

/** What Keystone answers to a login. */
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
