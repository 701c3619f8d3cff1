import { afterEach } from '@jest/globals'
import type { ImageError } from '@imago/core/provider'
import { createTransport, type ClientOptions } from '@imago/http'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { HetznerOptions } from '../src/index.ts'

/** 64 characters, like every token of Hetzner. */
export const TOKEN = 'q7Xc2LmVt9Rb4KzHs8Ydq7Xc2LmVt9Rb4KzHs8Ydq7Xc2LmVt9Rb4KzHs8YdAb12'

export interface Asked {
  readonly method: string
  /** Path and query, without `/v1`. */
  readonly target: string
  /** `null`: none. */
  readonly body: unknown
  readonly headers: IncomingHttpHeaders
}

/** A response with a body of JSON or text. */
export interface Reply {
  readonly status?: number
  readonly json?: unknown
  readonly text?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Breaks the connection instead of a response. */
  readonly breaks?: boolean
}

export interface LocalApi {
  readonly url: string
  readonly asked: readonly Asked[]
  /** `GET /images/1` and so on, in the order received. */
  readonly requests: () => readonly string[]
}

const closing: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** Starts a server on loopback that sends the responses of `reply` until the end of the test. */
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

/** A clock that only sleeping advances, without waiting. Random numbers are 0.5. */
export const jumpingTime = () => {
  let now = 1_800_000_000_000
  const sleeps: number[] = []
  const timing: ClientOptions['timing'] = {
    clock: () => now,
    sleep: async (ms) => {
      if (ms >= 60_000) return new Promise(() => undefined) // The sleep of a timeout never ends.
      sleeps.push(ms)
      now += ms
    },
    random: () => 0.5,
  }
  return { timing, sleeps }
}

const transport = createTransport()

/** The options of a cloud named `prod` at `endpoint`. */
export const optionsFor = (endpoint: string, connection: Partial<ClientOptions> = {}): HetznerOptions => ({
  name: 'prod',
  endpoint,
  token: { reveal: () => TOKEN },
  connection: { transport: transport.client, userAgent: 'imago/test', timing: jumpingTime().timing, ...connection },
})

export const errorBody = (code: string, message = `it is ${code}`, details: unknown = null) => ({
  error: { code, message, details },
})

/** The value of a result that must be a success. */
export const getValue = async <A>(answer: TaskEither<ImageError, A>): Promise<A> => {
  const result = await answer()
  if (E.isLeft(result)) throw new Error(`failed: ${JSON.stringify(result.left)}`)
  return result.right
}

/** The error of a result that must be a failure. */
export const getError = async (answer: TaskEither<ImageError, unknown>): Promise<ImageError> => {
  const result = await answer()
  if (E.isRight(result)) throw new Error(`did not fail: ${JSON.stringify(result.right)}`)
  return result.left
}
