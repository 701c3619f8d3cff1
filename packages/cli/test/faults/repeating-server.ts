import { afterAll, beforeAll } from '@jest/globals'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** The response to a request; `null`: the response of a cloud. */
export type Reply = {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
} | null

export interface RepeatingServer {
  readonly origin: () => string
  /** Sets the function that returns the reply to each request. */
  readonly answer: (reply: (method: string, path: string) => Reply) => void
}

export const ISSUED_TOKEN = 'gAAAAABpKvZ7issued-by_Keystone-0123456789abcdefghijklmnopqrstuvwxyz=='

/** A server that acts as Keystone, Glance and the Hetzner API. It accepts any login, has no images, and returns the replies of the test. */
export const repeatingServer = (): RepeatingServer => {
  let server: Server
  let origin = ''
  let reply: (method: string, path: string) => Reply = () => null
  const asCloud = (method: string, path: string): Exclude<Reply, null> => {
    if (method !== 'POST' || !path.endsWith('/auth/tokens'))
      return { status: 200, body: JSON.stringify({ images: [], meta: { pagination: { next_page: null } } }) }
    const endpoint = { interface: 'public', region_id: 'RegionOne', region: 'RegionOne', url: `${origin}/image` }
    const token = {
      expires_at: '2099-01-01T00:00:00.000000Z',
      issued_at: '2026-01-01T00:00:00.000000Z',
      methods: ['password'],
      user: { id: 'u', name: 'demo', domain: { id: 'default', name: 'Default' } },
      catalog: [{ type: 'image', name: 'glance', endpoints: [endpoint] }],
    }
    return { status: 201, headers: { 'x-subject-token': ISSUED_TOKEN }, body: JSON.stringify({ token }) }
  }
  beforeAll(async () => {
    server = createServer((request, response) => {
      void text(request).then(() => {
        const [method, path] = [request.method ?? '', new URL(request.url ?? '/', 'http://a').pathname]
        const { status, headers = {}, body } = reply(method, path) ?? asCloud(method, path)
        response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => {
    server.close()
  })
  return {
    origin: () => origin,
    answer: (next) => {
      reply = next
    },
  }
}
