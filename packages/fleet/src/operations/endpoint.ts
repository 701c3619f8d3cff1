import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { configInvalid, type ImageError } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { FLEET_SITE } from '../database/database-error.ts'

/** Where a worker listens. Port 0: any free one. */
export interface ListenAddress {
  readonly host: string
  readonly port: number
}

/** A page of the endpoint. */
export interface Page {
  readonly status: number
  readonly contentType: string
  readonly body: string
}

/** The pages by path. */
export type Pages = ReadonlyMap<string, () => Promise<Page>>

export interface Endpoint {
  /** `http://127.0.0.1:9464` */
  readonly url: string
  readonly close: () => Promise<void>
}

export const textPage = (status: number, body: string): Page => ({
  status,
  contentType: 'text/plain; charset=utf-8',
  body: `${body}\n`,
})

const findPage = async (pages: Pages, { method, url = '/' }: IncomingMessage): Promise<Page> => {
  const page = pages.get(url.split('?', 1)[0] ?? '')
  if (page === undefined) return textPage(404, `not found. Use ${[...pages.keys()].join(', ')}`)
  if (method !== 'GET' && method !== 'HEAD') return textPage(405, 'method not allowed. Use GET')
  try {
    return await page()
  } catch {
    return textPage(500, 'internal error')
  }
}

const send = ({ status, contentType, body }: Page, to: ServerResponse): void =>
  void to.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) }).end(body)

const listen = (server: Server, { host, port }: ListenAddress): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })

/** Serves pages over HTTP until it is closed. It has no authentication: the pages contain no secrets. */
export const openEndpoint = async (address: ListenAddress, pages: Pages): Promise<E.Either<ImageError, Endpoint>> => {
  const server = createServer({ requestTimeout: 10_000 }, (request, response) => {
    void findPage(pages, request).then((page) => send(page, response))
  })
  try {
    await listen(server, address)
  } catch (thrown) {
    return E.left(
      configInvalid(FLEET_SITE, {
        what: `cannot listen on ${address.host}:${address.port}: ${(thrown as Error).message}`,
        hint: 'Use another address or port for --listen',
      }),
    )
  }
  // An error of a connection concerns only its client.
  server.on('error', () => undefined)
  const { address: host, port, family } = server.address() as AddressInfo
  return E.right({
    url: `http://${family === 'IPv6' ? `[${host}]` : host}:${port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}
