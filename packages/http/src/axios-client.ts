// oxlint-disable-next-line typescript/triple-slash-reference -- an ambient declaration cannot be imported, and whoever compiles this file needs it
/// <reference path="./axios-cjs.d.ts" />
import { linkSignals } from '@imago/core/provider'
import type { RawAxiosRequestHeaders } from 'axios'
// Its one file in place of its 66: half the time to load, which every run waits for before its first request.
import bundled from 'axios/dist/node/axios.cjs'
import * as E from 'fp-ts/lib/Either.js'
import http, { type ClientRequest, type IncomingMessage } from 'node:http'
import https from 'node:https'
import type { LookupFunction, Socket } from 'node:net'
import type { Readable } from 'node:stream'
import type { AgentPair, Agents } from './agent-pair.ts'
import { createAgents } from './agents.ts'
import { noteCertificateDate } from './certificate-date.ts'
import type { ExchangeStage } from './exchange-stage.ts'
import type { HttpFailure } from './failure.ts'
import { toHeaders, type HttpHeaders } from './headers.ts'
import { readText, createStream } from './incoming.ts'
import { keepLateResponse } from './late-response.ts'
import { toHttpFailure, MAX_HEADER_BYTES, UNEXPECTED_UPGRADE } from './node-failure.ts'
import { toOutgoing, type Outgoing } from './outgoing.ts'
import { isIdempotent, type HttpClient, type HttpRequest, type HttpResponse } from './port.ts'
import type { ProxyOptions } from './proxy.ts'
import { checkHeaders, toTarget } from './target.ts'
import type { TlsOptions } from './tls-settings.ts'

/** How to connect. All of it may be left out. */
export interface TransportOptions {
  readonly tls?: TlsOptions | undefined
  readonly proxy?: ProxyOptions | undefined
  /** How names of hosts become addresses, where no proxy does that; the system's way unless said otherwise. Is not asked about hosts that are addresses already. */
  readonly lookup?: LookupFunction | undefined
  /** The largest text to hold in memory, in bytes when unpacked; 64 MiB unless said otherwise. */
  readonly maxTextBytes?: number | undefined
}

/** What sends. */
export interface Transport {
  /** Takes absolute http(s) URLs only. Waits for ever: put `timeout` around it. */
  readonly client: HttpClient
  /** Closes every connection. What is asked after that is `Aborted`: a login that nobody waits for any more is not tried again. */
  readonly close: () => void
}

const MAX_TEXT_BYTES = 64 * 1024 * 1024

const ignored = (): void => undefined

/** Calls `ready` when a request can be written to its socket. A proxy may give one that is connected, and not yet secure. */
const onceReady = (socket: Socket, { reusedSocket }: ClientRequest, isSecure: boolean, ready: () => void): void => {
  if (reusedSocket || (!isSecure && !socket.connecting)) ready()
  else socket.once(isSecure ? 'secureConnect' : 'connect', ready)
}

/** Node's own client, on sockets that let a late answer be heard, and that tell why a certificate is not valid. `onStage`: told of how far an exchange has come. */
const watchedTransport = (onStage: (stage: ExchangeStage) => void) => ({
  request: (options: https.RequestOptions, answered: (response: IncomingMessage) => void): ClientRequest => {
    const isSecure = options.protocol === 'https:'
    onStage('connection')
    const request = (isSecure ? https : http).request({ ...options, maxHeaderSize: MAX_HEADER_BYTES }, (response) => {
      onStage('rest')
      answered(response)
    })
    request.once('socket', (socket) => {
      keepLateResponse(socket)
      noteCertificateDate(socket)
      onceReady(socket, request, isSecure, () => onStage('request'))
    })
    // Node would let go of the connection, and say nothing.
    request.once('upgrade', (_, socket: Socket) => {
      socket.destroy()
      request.emit('error', Object.assign(new Error('unasked upgrade'), { code: UNEXPECTED_UPGRADE }))
    })
    return request.once('finish', () => onStage('answer'))
  },
})

/** No defaults of axios, and none that another user of axios in this process has set: `new Axios`, not `axios.create`. */
const axios = new bundled.Axios({
  adapter: 'http',
  // Every body comes as a stream, and is read, bounded and parsed here.
  responseType: 'stream',
  decompress: false,
  // Followed redirects would take X-Auth-Token to another host, and hold the bytes of an upload in memory.
  maxRedirects: 0,
  validateStatus: () => true,
  // -1 is without limit. Infinity is too, but puts another stream between.
  maxBodyLength: -1,
  maxContentLength: -1,
  // Not the environment's: the agents know the proxy.
  proxy: false,
})

/** `false` keeps axios from adding its own: a User-Agent, a form's Content-Type. */
const headersOf = ({ headers, responseKind }: HttpRequest, outgoing: Outgoing): RawAxiosRequestHeaders => ({
  'user-agent': false,
  'content-type': false,
  ...(responseKind === 'stream' || responseKind === 'by-type'
    ? // A file comes as it is stored. An error comes as JSON: with `*/*` first, Glance answers in HTML.
      { accept: 'application/json, */*;q=0.5', 'accept-encoding': 'identity' }
    : { accept: 'application/json', 'accept-encoding': 'gzip' }),
  ...outgoing.headers,
  ...Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])),
})

const TEXT = /^\s*(?:text\/|application\/(?:[\w.+-]+\+)?(?:json|xml|yaml))/i

/** What has no body has no type either, and is text. */
const isToStream = (
  { method, responseKind }: HttpRequest,
  { status, headers }: { readonly status: number; readonly headers: HttpHeaders },
): boolean => {
  if (status < 200 || status > 299) return false
  return (
    responseKind === 'stream' ||
    (responseKind === 'by-type' && method !== 'HEAD' && !TEXT.test(headers.get('content-type') ?? 'text/plain'))
  )
}

/** An answer, or none, and how it came to be. */
interface Exchanged {
  readonly outcome: E.Either<HttpFailure, HttpResponse>
  /** The connection had been kept, and the server closed it: perhaps before it saw the request. */
  readonly isStale: boolean
}

const STALE: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE'])

/** Whether a request went over a connection that had served another. */
const isReused = (request: unknown): boolean => (request as ClientRequest | undefined)?.reusedSocket === true

const REQUEST_TIMEOUT = 408

const exchange = async (
  request: HttpRequest,
  target: URL,
  { http: httpAgent, https: httpsAgent }: AgentPair,
  proxy: string | null,
  maxTextBytes: number,
): Promise<Exchanged> => {
  // axios hears of an abort only while there is something to abort.
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
    const answer = await axios.request<Readable>({
      method: request.method,
      url: target.href,
      headers: headersOf(request, outgoing),
      data: outgoing.data,
      httpAgent,
      httpsAgent,
      signal,
      transport: watchedTransport(request.onStage ?? ignored),
    })
    const response = { status: answer.status, headers: toHeaders(Object.entries(answer.headers)), url: target.href }
    /** An answer may come before all bytes were sent. Node would go on sending them. */
    const finish = (): void => {
      release()
      if (!outgoing.isUnderWay()) return
      ;(answer.request as ClientRequest).destroy()
      outgoing.stop()
    }
    if (response.status === 407) {
      answer.data.destroy()
      finish()
      return { outcome: E.left({ _tag: 'RefusedByProxy' }), isStale: false }
    }
    if (isToStream(request, response)) {
      return {
        outcome: E.right({
          kind: 'stream',
          ...response,
          ...createStream(answer.data, response.headers, toFailure, finish),
        }),
        isStale: false,
      }
    }
    // An answer to HEAD has the headers of a body, and no body.
    const text = await readText(
      answer.data,
      request.method === 'HEAD' ? toHeaders([]) : response.headers,
      maxTextBytes,
      toFailure,
    )
    finish()
    return {
      outcome: E.isLeft(text) ? text : E.right({ kind: 'text', ...response, text: text.right }),
      // Some servers say so to a connection that was idle for too long: it is no answer to this request.
      isStale: response.status === REQUEST_TIMEOUT && isReused(answer.request),
    }
  } catch (thrown) {
    // What axios throws holds the request with its headers: only its code goes on.
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
 * A request that must not be done twice, or whose body can be read but once, goes over a connection of its own. Any other takes one that was kept, and
 * another if that turns out to be closed.
 */
const exchanged = async (
  request: HttpRequest,
  target: URL,
  { kept, fresh, proxy }: Agents,
  maxTextBytes: number,
): ReturnType<ReturnType<HttpClient>> => {
  const isOnce = !isIdempotent(request) || request.body?.kind === 'stream'
  const first = await exchange(request, target, isOnce ? fresh : kept, proxy, maxTextBytes)
  if (!first.isStale || isOnce || request.signal?.aborted === true) return first.outcome
  const { outcome } = await exchange(request, target, fresh, proxy, maxTextBytes)
  return E.isLeft(outcome) ? outcome : E.right({ ...outcome.right, isRepeat: true })
}

/** Sends by axios. Any answer is an answer: 3xx, 4xx and 5xx too. Redirects are not followed. */
export const createTransport = ({
  tls = { verify: true },
  proxy = { http: null, https: null, except: '' },
  lookup,
  maxTextBytes = MAX_TEXT_BYTES,
}: TransportOptions = {}): Transport => {
  const pool = createAgents(tls, proxy, lookup)
  let isClosed = false
  return {
    client: (request) => async () => {
      if (isClosed || request.signal?.aborted === true) return E.left({ _tag: 'Aborted' })
      const target = toTarget(request)
      if (E.isLeft(target)) return target
      const headers = checkHeaders(request.headers ?? {})
      if (E.isLeft(headers)) return headers
      const agents = await pool.of(target.right)
      return E.isLeft(agents) ? agents : exchanged(request, target.right, agents.right, maxTextBytes)
    },
    close: () => {
      isClosed = true
      pool.close()
    },
  }
}
