import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** A web server for tests. */
export interface Web {
  /** The URL of a path. */
  readonly at: (path: string) => string
  /** Sets the handler of a path, for any query. */
  readonly serve: (path: string, answer: Handler) => void
  /** The received requests, as `/path` or `/path bytes=5-`. */
  readonly asked: () => readonly string[]
  readonly close: () => Promise<void>
}

export interface FileOptions {
  /** The bytes sent of each response before it stalls; `null`: all. */
  readonly stallAt?: () => number | null
  readonly etag?: () => string | null
  /** The accepted query; others get 403. */
  readonly query?: string
}

/** Serves a file with ETag and ranges. */
export const file =
  (
    bytes: Buffer,
    {
      stallAt = () => null,
      etag = () => `"${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}"`,
      query,
    }: FileOptions = {},
  ): Handler =>
  ({ url = '', headers: { range = '' } }, response) => {
    if (query !== undefined && url.split('?')[1] !== query) return void response.writeHead(403).end()
    const [, start, end] = /^bytes=(\d+)-(\d*)$/.exec(range) ?? []
    const from = start === undefined ? 0 : Number(start)
    const to = end === undefined || end === '' ? bytes.length : Math.min(bytes.length, Number(end) + 1)
    const tag = etag()
    response.writeHead(start === undefined ? 200 : 206, {
      'content-length': to - from,
      'accept-ranges': 'bytes',
      ...(tag === null ? {} : { etag: tag }),
      ...(start === undefined ? {} : { 'content-range': `bytes ${from}-${to - 1}/${bytes.length}` }),
    })
    const stall = stallAt()
    if (stall === null || to - from <= stall) response.end(bytes.subarray(from, to))
    else response.write(bytes.subarray(from, from + stall))
  }

export const redirect =
  (location: string, status = 302): Handler =>
  (_request, response) =>
    void response.writeHead(status, { location }).end()

/** Listens on a loopback address. Uses TLS if a certificate is given. */
export const createWeb = async (tls: { readonly key: string; readonly cert: string } | null = null): Promise<Web> => {
  const answers = new Map<string, Handler>()
  const asked: string[] = []
  const listener: RequestListener = (request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? ''
    asked.push(request.headers.range === undefined ? path : `${path} ${request.headers.range}`)
    const answer = answers.get(path)
    if (answer === undefined) response.writeHead(404).end()
    else answer(request, response)
  }
  const server = tls === null ? createServer(listener) : createTlsServer(tls, listener)
  await new Promise<void>((resolve) => (server as Server).listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    at: (path) => `${tls === null ? 'http' : 'https'}://127.0.0.1:${port}${path}`,
    serve: (path, answer) => void answers.set(path, answer),
    asked: () => asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
