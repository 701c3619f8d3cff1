import { createTransport, systemTiming, type Transport } from '@imago/http'
import { afterEach } from '@jest/globals'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { OpenstackOptions } from '../src/index.ts'

/** A recorded exchange. */
export interface Seen {
  readonly method: string
  /** Includes the query. */
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** The response. A body that is not text is sent as JSON. */
export interface Scripted {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

export interface LocalGlance {
  readonly seen: Seen[]
  /** A cloud without a login that uses this server as Glance, Nova and Cinder. */
  readonly options: OpenstackOptions
}

const running: { readonly server: Server; readonly transport: Transport }[] = []

afterEach(async () => {
  for (const { server, transport } of running.splice(0)) {
    transport.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

/** Starts a loopback server that answers with `answer` until the test ends. */
export const localGlance = async (answer: (request: Seen, index: number) => Scripted): Promise<LocalGlance> => {
  const seen: Seen[] = []
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const one: Seen = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body }
      seen.push(one)
      const { status = 200, headers = {}, body: content = '' } = answer(one, seen.length - 1)
      response.writeHead(status, {
        ...(typeof content === 'string' ? {} : { 'content-type': 'application/json' }),
        ...headers,
      })
      response.end(typeof content === 'string' ? content : JSON.stringify(content))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const transport = createTransport()
  running.push({ server, transport })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const once = { endpointOverride: url, statusCodeRetries: 0, connectRetries: 0 }
  return {
    seen,
    options: {
      name: 'prod',
      region: {
        name: 'RegionOne',
        auth: { kind: 'none' },
        services: {
          image: once,
          compute: { ...once, endpointOverride: `${url}/compute/v2.1` },
          'block-storage': { ...once, endpointOverride: `${url}/volume/v3` },
        },
      },
      connection: { transport: transport.client, userAgent: 'imago/test', timing: systemTiming },
    },
  }
}
