import { afterEach } from '@jest/globals'
import type { ImageError } from '@imago/core/provider'
import { createTransport, type ClientOptions } from '@imago/http'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { HetznerOptions } from '../src/index.ts'

/** 64 characters, as every token of Hetzner's. */
export const TOKEN = 'q7Xc2LmVt9Rb4KzHs8Ydq7Xc2LmVt9Rb4KzHs8Ydq7Xc2LmVt9Rb4KzHs8YdAb12'

export interface Asked {
  readonly method: string
  /** Path and query, behind `/v1`. */
  readonly target: string
  /** `null`: none was sent. */
  readonly body: unknown
  readonly headers: IncomingHttpHeaders
}

/** An answer: JSON unless it is text; `headers` among it. */
export interface Reply {
  readonly status?: number
  readonly json?: unknown
  readonly text?: string
  readonly headers?: Readonly<Record<string, string>>
  /** No answer: the connection breaks. */
  readonly breaks?: boolean
}

export interface LocalApi {
  readonly url: string
  readonly asked: readonly Asked[]
  /** `GET /images/1` and so on, in the order they came. */
  readonly requests: () => readonly string[]
}

const closing: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** A server on loopback, until the test is over, that answers as `reply` says. */
export const serveApi = async (reply: (asked: Asked, index: number) => Reply): Promise<LocalApi> => {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8')
      const one: Asked = {
        method: request.method ?? '',
        target: (request.url ?? '').replace(/^\/v1/, ''),
        body: text === '' ? null : JSON.parse(text),
        headers: request.headers,
      }
      asked.push(one)
      const { status = 200, json, text: plain, headers = {}, breaks = false } = reply(one, asked.length - 1)
      if (breaks) return void request.socket.destroy()
      response.writeHead(status, {
        'x-correlation-id': 'a1b2c3',
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      })
      response.end(json === undefined ? (plain ?? '') : JSON.stringify(json))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked,
    requests: () => asked.map(({ method, target }) => `${method} ${target}`),
  }
}

/** A time that only sleeping moves, at once. Chance is always one half. */
export const jumpingTime = () => {
  let now = 1_800_000_000_000
  const sleeps: number[] = []
  const timing: ClientOptions['timing'] = {
    clock: () => now,
    sleep: async (ms) => {
      if (ms >= 60_000) return new Promise(() => undefined) // The timeout's own: it never comes.
      sleeps.push(ms)
      now += ms
    },
    random: () => 0.5,
  }
  return { timing, sleeps }
}

const transport = createTransport()

/** How to reach the API at `endpoint`, as a cloud called `prod`. */
export const optionsFor = (endpoint: string, connection: Partial<ClientOptions> = {}): HetznerOptions => ({
  name: 'prod',
  endpoint,
  token: { reveal: () => TOKEN },
  connection: { transport: transport.client, userAgent: 'imago/test', timing: jumpingTime().timing, ...connection },
})

export const errorBody = (code: string, message = `it is ${code}`, details: unknown = null) => ({
  error: { code, message, details },
})

/** The value of an answer that must be one. */
export const valueOf = async <A>(answer: TaskEither<ImageError, A>): Promise<A> => {
  const result = await answer()
  if (E.isLeft(result)) throw new Error(`failed: ${JSON.stringify(result.left)}`)
  return result.right
}

/** The error of an answer that must be one. */
export const errorOf = async (answer: TaskEither<ImageError, unknown>): Promise<ImageError> => {
  const result = await answer()
  if (E.isRight(result)) throw new Error(`did not fail: ${JSON.stringify(result.right)}`)
  return result.left
}
