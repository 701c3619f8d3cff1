// oxlint-disable-next-line typescript/triple-slash-reference -- an ambient declaration cannot be imported, and whoever compiles this file needs it
/// <reference path="./axios-cjs.d.ts" />
import { linkSignals } from '@imago/core/provider'
import type { RawAxiosRequestHeaders } from 'axios'
// The bundled file loads in half the time of the 66 modules, before the first request.
import bundled from 'axios/dist/node/axios.cjs'
import * as E from 'fp-ts/lib/Either.js'
import http, { type ClientRequest, type IncomingMessage } from 'node:http'
import https from 'node:https'
import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import type { AgentPair, Agents } from './agent-pair.ts'
import { createAgents } from './agents.ts'
import { noteCertificateDate } from './certificate-date.ts'
import { releaseChunk } from './chunk-pool.ts'
import type { ExchangeStage } from './exchange-stage.ts'
import type { HttpFailure } from './failure.ts'
import { toHeaders, type HttpHeaders } from './headers.ts'
import { readText, createStream } from './incoming.ts'
import { keepLateResponse } from './late-response.ts'
import { toHttpFailure, MAX_HEADER_BYTES, UNEXPECTED_UPGRADE } from './node-failure.ts'
import { toOutgoing, type Outgoing } from './outgoing.ts'
import { isIdempotent, type HttpClient, type HttpRequest, type HttpResponse } from './port.ts'
import { checkHeaders, toTarget } from './target.ts'
import type { Transport, TransportOptions } from './transport-options.ts'

const MAX_TEXT_BYTES = 64 * 1024 * 1024

const ignored = (): void => undefined

/** Calls `ready` when a request can be written to its socket. The socket of a proxy may be connected before TLS is set up. */
const onceReady = (socket: Socket, { reusedSocket }: ClientRequest, isSecure: boolean, ready: () => void): void => {
  if (reusedSocket || (!isSecure && !socket.connecting)) ready()
  else socket.once(isSecure ? 'secureConnect' : 'connect', ready)
}

/** Releases each chunk of the body once the kernel has it. */
const releaseSent = (request: ClientRequest): void => {
  const write = request.write.bind(request) as (chunk: unknown, sent: () => void) => boolean
  request.write = (chunk: unknown): boolean => write(chunk, () => releaseChunk(chunk))
}

/** Node's client, with sockets that keep late responses and record certificate dates. `onStage` is called with the stage of the exchange. */
const createWatchedClient = (onStage: (stage: ExchangeStage) => void) => ({
  request: (options: https.RequestOptions, onResponse: (response: IncomingMessage) => void): ClientRequest => {
    const isSecure = options.protocol === 'https:'
    onStage('connection')
    const request = (isSecure ? https : http).request({ ...options, maxHeaderSize: MAX_HEADER_BYTES }, (response) => {
      onStage('rest')
      onResponse(response)
    })
    releaseSent(request)
    request.once('socket', (socket) => {
      keepLateResponse(socket)
      noteCertificateDate(socket)
      onceReady(socket, request, isSecure, () => onStage('request'))
    })
    // Without a listener, Node closes the connection without an error.
    request.once('upgrade', (_, socket: Socket) => {
      socket.destroy()
      request.emit('error', Object.assign(new Error('unasked upgrade'), { code: UNEXPECTED_UPGRADE }))
    })
    return request.once('finish', () => onStage('response'))
  },
})

/** `new Axios` instead of `axios.create`, which would take defaults that other code in this process has set. */
const axios = new bundled.Axios({
  adapter: 'http',
  // Bodies are read, bounded and parsed in this package.
  responseType: 'stream',
  decompress: false,
  // Following redirects would send X-Auth-Token to another host, and buffer uploads in memory.
  maxRedirects: 0,
  validateStatus: () => true,
  // -1 means no limit. Infinity does too, but adds another stream.
  maxBodyLength: -1,
  maxContentLength: -1,
  // The agents select the proxy, not axios.
  proxy: false,
})

/** `false` prevents axios from adding its own User-Agent and Content-Type. */
const createHeaders = ({ headers, responseKind }: HttpRequest, outgoing: Outgoing): RawAxiosRequestHeaders => ({
  'user-agent': false,
  'content-type': false,
  ...(responseKind === 'stream' || responseKind === 'by-type'
    ? // Files must not be compressed. With `*/*` first, Glance returns errors as HTML.
      { accept: 'application/json, */*;q=0.5', 'accept-encoding': 'identity' }
    : { accept: 'application/json', 'accept-encoding': 'gzip' }),
  ...outgoing.headers,
  ...Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])),
})

const TEXT = /^\s*(?:text\/|application\/(?:[\w.+-]+\+)?(?:json|xml|yaml))/i

/** Responses without a content type count as text. */
const isStreamed = (
  { method, responseKind }: HttpRequest,
  { status, headers }: { readonly status: number; readonly headers: HttpHeaders },
): boolean => {
  if (status < 200 || status > 299) return false
  return (
    responseKind === 'stream' ||
    (responseKind === 'by-type' && method !== 'HEAD' && !TEXT.test(headers.get('content-type') ?? 'text/plain'))
  )
}

/** The result of one exchange. */
interface Exchange {
  readonly outcome: E.Either<HttpFailure, HttpResponse>
  /** The server closed a kept connection, perhaps before it received the request. */
  readonly isStale: boolean
}

const STALE: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE'])

/** Whether a request used a kept connection. */
const isReused = (request: unknown): boolean => (request as ClientRequest | undefined)?.reusedSocket === true

const REQUEST_TIMEOUT = 408

const exchange = async (
  request: HttpRequest,
  target: URL,
  agents: AgentPair,
  proxy: string | null,
  maxTextBytes: number,
): Promise<Exchange> => {
  // axios listens to the signal only during the request.
  const { signal, abort, release } = linkSignals(request.signal)
  const opened = await toOutgoing(request.body ?? null, signal)
  if (E.isLeft(opened)) {
    release()
    return { outcome: opened, isStale: false }
  }
  const outgoing = opened.right
  const toFailure = (thrown: unknown): HttpFailure =>
    request.signal?.aborted === true
      ? { _tag: 'Aborted' }
      : (outgoing.failure() ?? toHttpFailure(thrown, target.origin, proxy))
  try {
    const received = await axios.request<Readable>({
      method: request.method,
      url: target.href,
      headers: createHeaders(request, outgoing),
      data: outgoing.data,
      [target.protocol === 'https:' ? 'httpsAgent' : 'httpAgent']: agents.select(target),
      signal,
      transport: createWatchedClient(request.onStage ?? ignored),
    })
    const response = { status: received.status, headers: toHeaders(Object.entries(received.headers)), url: target.href }
    /** Stops sending if the response arrives before all bytes are sent: Node would continue. */
    const finish = (): void => {
      release()
      if (!outgoing.isUnderWay()) return
      ;(received.request as ClientRequest).destroy()
      outgoing.stop()
    }
    if (response.status === 407) {
      received.data.destroy()
      finish()
      return { outcome: E.left({ _tag: 'RefusedByProxy' }), isStale: false }
    }
    if (isStreamed(request, response)) {
      return {
        outcome: E.right({
          kind: 'stream',
          ...response,
          ...createStream(received.data, response.headers, toFailure, finish),
        }),
        isStale: false,
      }
    }
    // A response to HEAD has the headers of a body, but no body.
    const text = await readText(
      received.data,
      request.method === 'HEAD' ? toHeaders([]) : response.headers,
      maxTextBytes,
      toFailure,
    )
    finish()
    return {
      outcome: E.isLeft(text) ? text : E.right({ kind: 'text', ...response, text: text.right }),
      // Some servers send 408 on idle connections: it is not a response to this request.
      isStale: response.status === REQUEST_TIMEOUT && isReused(received.request),
    }
  } catch (thrown) {
    // axios errors contain the request and its headers: only the code is kept.
    const failure = toFailure(thrown)
    abort()
    outgoing.stop()
    return {
      outcome: E.left(failure),
      isStale:
        failure._tag === 'Network' &&
        STALE.has(failure.code) &&
        isReused((thrown as { readonly request?: unknown }).request),
    }
  }
}

/**
 * A request that is not idempotent, or has a streamed body, uses a new connection. Others use a kept connection, and a new one if the server has closed
 * that.
 */
const send = async (
  request: HttpRequest,
  target: URL,
  { kept, fresh, proxy }: Agents,
  maxTextBytes: number,
): ReturnType<ReturnType<HttpClient>> => {
  const needsOwn = !isIdempotent(request) || request.body?.kind === 'stream'
  const first = await exchange(request, target, needsOwn ? fresh : kept, proxy, maxTextBytes)
  if (!first.isStale || needsOwn || request.signal?.aborted === true) return first.outcome
  const { outcome } = await exchange(request, target, fresh, proxy, maxTextBytes)
  return E.isLeft(outcome) ? outcome : E.right({ ...outcome.right, isRepeat: true })
}

/** Creates the transport that `createTransport` loads. */
export const createAxiosTransport = ({
  tls = { verify: true },
  proxy = { http: null, https: null, except: '' },
  lookup,
  maxTextBytes = MAX_TEXT_BYTES,
}: TransportOptions): Transport => {
  const pool = createAgents(tls, proxy, lookup)
  return {
    client: (request) => async () => {
      const target = toTarget(request)
      if (E.isLeft(target)) return target
      const headers = checkHeaders(request.headers ?? {})
      if (E.isLeft(headers)) return headers
      const agents = await pool.get(target.right)
      return E.isLeft(agents) ? agents : send(request, target.right, agents.right, maxTextBytes)
    },
    close: pool.close,
  }
}
