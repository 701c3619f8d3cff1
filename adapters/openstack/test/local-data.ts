import { createTransport, systemTiming, type Transport } from '@imago/http'
import { afterEach } from '@jest/globals'
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { OpenstackOptions } from '../src/index.ts'

export const ID = '6e3f2a0b-0000-4000-8000-000000000001'

/** 100,000 bytes that encode their position. */
export const DATA: Buffer = Buffer.from(
  Uint8Array.from({ length: 100_000 }, (_, index) => (index * 7 + (index >> 8)) % 256),
)

export const hexDigest = (algorithm: string, bytes: Uint8Array = DATA): string =>
  createHash(algorithm).update(bytes).digest('hex')

/** The record of an image with `DATA`. */
export const ACTIVE: Readonly<Record<string, unknown>> = {
  id: ID,
  name: 'data',
  status: 'active',
  visibility: 'private',
  os_hidden: false,
  tags: [],
  protected: false,
  disk_format: 'raw',
  container_format: 'bare',
  size: DATA.length,
  checksum: hexDigest('md5'),
  os_hash_algo: 'sha512',
  os_hash_value: hexDigest('sha512'),
  created_at: '2026-01-01T00:00:00Z',
}

export const QUEUED: Readonly<Record<string, unknown>> = {
  ...ACTIVE,
  status: 'queued',
  size: null,
  checksum: null,
  os_hash_algo: null,
  os_hash_value: null,
}

export interface DataServer {
  readonly options: OpenstackOptions
  /** Method, path and headers of the requests, in order of arrival. */
  readonly seen: { readonly method: string; readonly path: string; readonly headers: IncomingMessage['headers'] }[]
  /** Number of open connections. */
  readonly connections: () => Promise<number>
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => unknown

const running: { readonly server: Server; readonly transport: Transport }[] = []

afterEach(async () => {
  for (const { server, transport } of running.splice(0)) {
    transport.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

/** A Glance with one image. `record` is called for each record request, and `data` answers data requests. */
export const dataServer = async (
  record: () => Readonly<Record<string, unknown>>,
  data: Handler,
): Promise<DataServer> => {
  const seen: DataServer['seen'] = []
  const server = createServer((request, response) => {
    const { method = '', url: path = '', headers } = request
    seen.push({ method, path, headers })
    if (path.endsWith('/file')) return void data(request, response)
    if (method === 'GET') response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(record()))
    else response.writeHead(204).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const transport = createTransport()
  running.push({ server, transport })
  const once = {
    endpointOverride: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    statusCodeRetries: 0,
    connectRetries: 0,
  }
  return {
    seen,
    connections: () => new Promise((resolve) => server.getConnections((_, count) => resolve(count))),
    options: {
      name: 'prod',
      region: { name: 'RegionOne', auth: { kind: 'none' }, services: { image: once } },
      connection: { transport: transport.client, userAgent: 'imago/test', timing: systemTiming },
    },
  }
}
