import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'

type ImageResult = (request: IncomingMessage, response: ServerResponse) => void

/** A web server of a test's own. */
export interface Web {
  /** The URL of a path. */
  readonly at: (path: string) => string
  /** What answers at a path, whatever the query. */
  readonly serve: (path: string, answer: ImageResult) => void
  /** What was asked for, as `/path` or `/path bytes=5-`. */
  readonly asked: () => readonly string[]
  readonly close: () => Promise<void>
}

export interface FileOptions {
  /** How many bytes are sent of each answer before it stands still; `null`: all. */
  readonly stallAt?: () => number | null
  readonly etag?: () => string | null
  /** Queries that are let in; any other is answered 403. */
  readonly query?: string
}

/** A file, with ETag and ranges. */
export const file =
  (
    bytes: Buffer,
    {
      stallAt = () => null,
      etag = () => `"${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}"`,
      query,
    }: FileOptions = {},
  ): ImageResult =>
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
  (location: string, status = 302): ImageResult =>
  (_request, response) =>
    void response.writeHead(status, { location }).end()

/** Listens on a loopback address; with a certificate, by TLS. */
export const createWeb = async (tls: { readonly key: string; readonly cert: string } | null = null): Promise<Web> => {
  const answers = new Map<string, ImageResult>()
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
