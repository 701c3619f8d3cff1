import { afterEach } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer, type ServerOptions } from 'node:https'
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { createServer as createRawTlsServer, type TlsOptions } from 'node:tls'

export interface LocalServer {
  /** `http://127.0.0.1:port`, without a final slash. */
  readonly url: string
  readonly host: string
  readonly server: Server
  /** Method and target of all requests, in order. */
  readonly targets: string[]
  readonly requests: IncomingMessage[]
  readonly connections: () => number
  /** Waits until the connection of this request is closed. */
  readonly closed: (index: number) => Promise<void>
}

export const CERT = readFileSync(join(__dirname, 'fixtures', 'cert.pem'), 'utf8')
export const KEY = readFileSync(join(__dirname, 'fixtures', 'key.pem'), 'utf8')

const toClose: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of toClose.splice(0)) await close()
})

const listening = async (server: TcpServer): Promise<number> => {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  toClose.push(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  return (server.address() as AddressInfo).port
}

const started = async (server: Server, scheme: string): Promise<LocalServer> => {
  const requests: IncomingMessage[] = []
  let connections = 0
  server.on('connection', () => connections++)
  server.prependListener('request', (request: IncomingMessage) => requests.push(request))
  const host = `127.0.0.1:${await listening(server)}`
  return {
    url: `${scheme}://${host}`,
    host,
    server,
    requests,
    get targets() {
      return requests.map(({ method, url }) => `${method} ${url}`)
    },
    connections: () => connections,
    closed: async (index) => {
      const socket = requests[index]?.socket
      if (socket !== undefined && !socket.closed)
        await new Promise<void>((resolve) => socket.once('close', () => resolve()))
    },
  }
}

/** Starts an HTTP server on loopback, which is closed after the test. */
export const serve = (listener: RequestListener): Promise<LocalServer> => started(createServer(listener), 'http')

export const serveTls = (listener: RequestListener, options: ServerOptions = {}): Promise<LocalServer> =>
  started(createTlsServer({ key: KEY, cert: CERT, ...options }, listener) as unknown as Server, 'https')

/** Starts a TCP server that passes each connection to `talk`. */
export const serveRaw = async (talk: (socket: Socket) => void): Promise<string> =>
  `http://127.0.0.1:${await listening(createTcpServer(talk))}`

/** The same behind TLS: its `https` URL. */
export const serveRawTls = async (talk: (socket: Socket) => void, options: TlsOptions = {}): Promise<string> =>
  `https://127.0.0.1:${await listening(createRawTlsServer({ key: KEY, cert: CERT, ...options }, talk))}`

/** Reads the body of a request. */
export const readBody = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** A port without a listener. A port that was just free may be used by another test. */
export const DEAD_URL = 'http://127.0.0.1:1'
