import {
  createServer,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { ServerFault, FaultPort } from './fault-port.ts'

/** Options of `createFaultProxy`. */
export interface FaultProxyOptions {
  /** The base URL of the real server: `http://127.0.0.1:8080/v1`. */
  readonly target: string
  /** Creates the body of an error response in the provider's format. Default: `{"error":"simulated: 503"}`. */
  readonly errorBody?: ((status: number) => { readonly contentType: string; readonly body: string }) | undefined
  /** The key of a record's ID. Default: `id`. */
  readonly idKey?: string | undefined
}

/** A proxy on loopback between a source and its server. */
export interface FaultProxy extends FaultPort {
  /** The base URL for the source's configuration: the path of `target` at the proxy's origin. */
  readonly url: string
  readonly close: () => Promise<void>
}

interface Response {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** Headers that apply to a single connection: the proxy sets its own. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'accept-encoding',
  'expect',
])

const forwarded = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)))

const readBody = async (message: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

const ask = (url: URL, { method, headers }: IncomingMessage, body: Buffer): Promise<Response> =>
  new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest
    const length = body.length === 0 ? {} : { 'content-length': String(body.length) }
    const asked = send(
      url,
      { method, agent: false, headers: { ...forwarded(headers), ...length, 'accept-encoding': 'identity' } },
      (response) => {
        readBody(response).then(
          (read) => resolve({ status: response.statusCode ?? 502, headers: forwarded(response.headers), body: read }),
          reject,
        )
      },
    )
    asked.on('error', reject)
    asked.end(body)
  })

const isText = ({ headers }: Response): boolean => /json|text|xml/.test(headers['content-type'] ?? '')

/** Rewrites links to lead through the proxy: the endpoints of a catalog, the next page of a list. */
const rewriteLinks = (response: Response, from: string, to: string): Response => {
  const headers = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.replaceAll(from, to) : value,
    ]),
  )
  return {
    ...response,
    headers,
    body: isText(response) ? Buffer.from(response.body.toString('utf8').replaceAll(from, to)) : response.body,
  }
}

type Entries = Readonly<Record<string, unknown>>

const isRecord = (u: unknown, idKey: string): u is Entries =>
  typeof u === 'object' && u !== null && Object.hasOwn(u, idKey)

const withOddRecords = (list: readonly unknown[], idKey: string): readonly unknown[] => {
  const [first, ...others] = list
  if (!isRecord(first, idKey)) return list
  const unread = Object.fromEntries(Object.entries(first).filter(([key]) => key !== idKey))
  return [{ ...first, imago_unexpected: true }, ...others, unread]
}

/** Adds odd records to the first list of records in a body; returns a body without a list unchanged. */
const withOddList = (body: Buffer, idKey: string): Buffer => {
  try {
    const document = JSON.parse(body.toString('utf8')) as unknown
    if (Array.isArray(document)) return Buffer.from(JSON.stringify(withOddRecords(document, idKey)))
    if (typeof document !== 'object' || document === null) return body
    const found = Object.entries(document).find(([, value]) => Array.isArray(value) && isRecord(value[0], idKey))
    return found === undefined
      ? body
      : Buffer.from(JSON.stringify({ ...document, [found[0]]: withOddRecords(found[1] as readonly unknown[], idKey) }))
  } catch {
    return body
  }
}

const simulatedError = (status: number): { readonly contentType: string; readonly body: string } => ({
  contentType: 'application/json',
  body: JSON.stringify({ error: `simulated: ${status}` }),
})

const send = ({ status, headers, body }: Response, to: ServerResponse): void =>
  void to.writeHead(status, { ...headers, 'content-length': String(body.length) }).end(body)

/** Sends a response with the fault applied. */
const sendSpoiled = (response: Response, fault: ServerFault | null, to: ServerResponse, idKey: string): void => {
  const half = response.body.subarray(0, Math.floor(response.body.length / 2))
  switch (fault?.kind) {
    case 'cut':
      to.writeHead(response.status, { ...response.headers, 'content-length': String(response.body.length + 1) })
      to.write(half, () => to.socket?.destroySoon())
      return
    case 'garbled':
      return send({ ...response, body: half }, to)
    case 'slow':
      return void setTimeout(() => send(response, to), fault.ms)
    case 'odd-records':
      return send({ ...response, body: withOddList(response.body, idKey) }, to)
    default:
      return send(response, to)
  }
}

/**
 * Starts a proxy on loopback between a source and a real or simulated server, so that the suite can check the reaction to faults. It serves HTTP
 * until it is closed.
 *
 * @example
 * const proxy = await createFaultProxy({ target: 'http://127.0.0.1:8080/v1' })
 * imageSourceSuite({ describe, test }, { capabilities, make: () => createSource({ endpoint: proxy.url }), faults: { port: () => proxy } })
 */
export const createFaultProxy = async ({
  target,
  errorBody = simulatedError,
  idKey = 'id',
}: FaultProxyOptions): Promise<FaultProxy> => {
  const { origin, pathname } = new URL(target)
  let standing: ServerFault | null = null
  let count = 0
  let own = ''

  const respond = async (request: IncomingMessage, to: ServerResponse): Promise<void> => {
    count++
    const fault = standing
    const body = await readBody(request)
    if (fault?.kind === 'silent') return
    if (fault?.kind === 'status') {
      const { contentType, body: text } = errorBody(fault.status)
      const { retryAfterS } = fault
      return send(
        {
          status: fault.status,
          headers: {
            'content-type': contentType,
            ...(retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) }),
          },
          body: Buffer.from(text),
        },
        to,
      )
    }
    const response = await ask(new URL(request.url ?? '/', origin), request, body)
    sendSpoiled(rewriteLinks(response, origin, own), fault, to, idKey)
  }

  const server = createServer((request, to) => {
    // A failure behind the proxy breaks the client's connection, too.
    respond(request, to).catch(() => to.socket?.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  own = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    url: own + (pathname === '/' ? '' : pathname),
    set: (fault) => void (standing = fault),
    requests: () => count,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
