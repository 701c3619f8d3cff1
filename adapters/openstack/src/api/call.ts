import {
  decodeFailed,
  notFound,
  createErrorSite,
  type Abortable,
  type ImageResult,
  type CloudIdentity,
  type ErrorSite,
  type ImageError,
} from '@imago/core/provider'
import {
  sendForText,
  imageBytes,
  isIdempotent,
  readWebPage,
  describeWebPage,
  type HttpClient,
  type HttpFailure,
  type HttpHeaders,
  type HttpRequest,
  type HttpResponse,
  type TextResponse,
} from '@imago/http'
import { formatNotFound, unlessAborted } from '@imago/provider-kit'
import {
  createApiCaller,
  createRecordReader,
  OUTCOME_UNKNOWN_HINT,
  readBody,
  readRecords,
  type ApiCall,
  type BodyReader,
} from '@imago/provider-kit/live'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type * as t from 'io-ts'
import { toImageError, type OpenstackContext } from '../map-error.ts'
import type { ApiRequest } from '../requests/api-request.ts'
import { readPage, type Listed, type Records } from './page.ts'

/** The services of one cloud with a login. Paths of `image` start with `/v2`. */
export interface Services {
  readonly cloud: CloudIdentity
  readonly image: HttpClient
  readonly compute: HttpClient
  readonly blockStorage: HttpClient
  readonly keystone: HttpClient
}

/** Options of every call of the typed client. */
export interface CallOptions extends Abortable {
  /** The operation in errors. Default: the client's own name for the call. */
  readonly operation?: string | undefined
  /** Requests a response from the origin. A cache may respond all the same: see `onAge`. */
  readonly isFresh?: boolean | undefined
  /** Receives the time that a GET response spent in a cache, in seconds, for any status; 0 if no cache reported one. */
  readonly onAge?: ((seconds: number) => void) | undefined
}

/** A response whose body has not been read. Read `bytes` or call `close`. */
export interface Streamed {
  readonly status: number
  readonly headers: HttpHeaders
  /** Can be read once. A failure is thrown as `ImageException`. */
  readonly bytes: AsyncIterable<Uint8Array>
  readonly close: () => void
  /** Site for errors about these bytes. */
  readonly site: ErrorSite
}

/** Sends requests and reads their responses. */
export interface Caller {
  /** Returns the body of a successful response as a stream. */
  readonly streamed: (request: ApiRequest, options?: CallOptions) => ImageResult<Streamed>
  /** Returns a successful response as text. */
  readonly response: (request: ApiRequest, options?: CallOptions) => ImageResult<TextResponse>
  /** Expects a successful response without a body. */
  readonly done: (request: ApiRequest, options?: CallOptions) => ImageResult<void>
  /** Returns JSON of any shape. */
  readonly json: (request: ApiRequest, options?: CallOptions) => ImageResult<unknown>
  readonly decoded: <A>(codec: t.Type<A, unknown>, request: ApiRequest, options?: CallOptions) => ImageResult<A>
  /** Returns the elements under `key`, not decoded. */
  readonly records: (key: string, request: ApiRequest, options?: CallOptions) => ImageResult<Records>
  readonly listed: <A>(
    key: string,
    codec: t.Type<A, unknown>,
    request: ApiRequest,
    options?: CallOptions,
  ) => ImageResult<Listed<A>>
}

interface Call extends ApiCall, OpenstackContext, Pick<CallOptions, 'isFresh' | 'onAge'> {
  readonly client: HttpClient
}

const SERVICES = { image: 'Glance', compute: 'Nova', blockStorage: 'Cinder', keystone: 'Keystone' } as const

const isSegment = (segment: string): boolean => segment !== '' && segment !== '.' && segment !== '..'

/** With an additional `*\/*`, Glance returns errors as HTML. Pylons/webob, src/webob/exc.py, generate_response. */
const ACCEPT = 'application/json'

/** Bypasses caches in HTTP/1.1 and HTTP/1.0, which not all caches honour. RFC 9111, 5.2.1.4 and 5.4. */
const NO_CACHE = { 'cache-control': 'no-cache', pragma: 'no-cache' }

/** Time that a response spent in a cache, in seconds. OpenStack services do not send `Age` themselves. RFC 9111, 5.1. */
const readAge = ({ headers }: TextResponse): number => {
  const text = headers.get('age')?.trim() ?? ''
  return /^\d{1,10}$/.test(text) ? Number(text) : 0
}

/** Sends a request. Repeats a GET that a cache answered, bypassing caches. */
const sendPastCaches = (
  http: HttpRequest,
  { client, isFresh = false, onAge = () => undefined }: Call,
): TE.TaskEither<HttpFailure, TextResponse> => {
  const send = sendForText(client)
  if (http.method !== 'GET') return send(http)
  return pipe(
    send(http),
    TE.flatMap((response) =>
      isFresh || readAge(response) === 0
        ? TE.right(response)
        : send({ ...http, headers: { ...http.headers, ...NO_CACHE } }),
    ),
    TE.tapIO((response) => () => onAge(readAge(response))),
  )
}

const toHttpRequest = (
  { method, path, query, headers, body, idempotent, timeoutMs, responseTimeoutMs }: ApiRequest,
  { isFresh }: Call,
): HttpRequest => ({
  method,
  url: `/${path.map(encodeURIComponent).join('/')}`,
  query,
  headers: { accept: ACCEPT, ...(method === 'GET' && isFresh === true ? NO_CACHE : {}), ...headers },
  body,
  timeoutMs,
  responseTimeoutMs,
  ...(idempotent === undefined ? {} : { idempotent }),
})

/** Creates a caller for the services of a cloud. `clock`: milliseconds since the epoch. */
export const createCaller = (services: Services, clock: () => number = Date.now): Caller => {
  const { cloud } = services
  const caller = createApiCaller<Call>({
    cloud,
    clock,
    basePath: '',
    send: sendPastCaches,
    server: ({ service }) => service,
    toImageError,
  })

  const toCall = (
    { name, service = 'image', subject, since, missingFeature }: ApiRequest,
    { operation = name, signal, isFresh, onAge }: CallOptions,
  ): Call => ({
    operation,
    signal,
    subject,
    since,
    missingFeature,
    isFresh,
    onAge,
    service: SERVICES[service],
    client: services[service],
  })

  /** Converts a request to HTTP. Returns `NotFound` for a path segment `..`, which would address another resource in any encoding. */
  const perform = <A>(
    request: ApiRequest,
    options: CallOptions,
    work: (http: HttpRequest, call: Call) => ImageResult<A>,
  ): ImageResult<A> => {
    const call = toCall(request, options)
    if (request.path.every(isSegment)) return work(toHttpRequest(request, call), call)
    const site = createErrorSite(cloud, call.operation)
    return unlessAborted(site, call, TE.left(notFound(site, { what: formatNotFound(request.subject ?? 'resource') })))
  }

  const response: Caller['response'] = (request, options = {}) => perform(request, options, caller.send)

  const streamed: Caller['streamed'] = (request, options = {}) =>
    perform(request, options, (http, call) =>
      unlessAborted(
        createErrorSite(cloud, call.operation),
        call,
        pipe(
          call.client({ ...http, signal: call.signal, responseKind: 'stream' }),
          TE.mapLeft((failure) => caller.toFailure(http, call, failure)),
          TE.flatMapEither((response: HttpResponse): E.Either<ImageError, Streamed> => {
            if (response.kind === 'text') return E.left(caller.toRefusal(http, call, response))
            const { status, headers, bytes, close } = response
            const site = caller.siteAt(http, call, response)
            return E.right({ status, headers, bytes: imageBytes(bytes, site), close, site })
          }),
        ),
      ),
    )

  const parsed = <A>(request: ApiRequest, options: CallOptions, read: BodyReader<A>): ImageResult<A> =>
    perform(request, options, (http, call) => caller.read(http, call, read))

  /** Rejects an unexpected success status: something in front of the service responded. */
  const checkSuccess = (
    { success }: ApiRequest,
    http: HttpRequest,
    call: Call,
    response: TextResponse,
  ): E.Either<ImageError, void> => {
    const page = readWebPage(response)
    const isOther = success !== undefined && response.status !== success && response.status < 300
    if (page === null && !isOther) return E.right(undefined)
    const { what, hint } =
      page === null
        ? {
            what: `the response was not sent by ${call.service}`,
            hint: `Check the proxies and gateways in front of ${call.service}`,
          }
        : describeWebPage(page, call.service)
    const type = response.headers.get('content-type')?.split(';')[0] ?? 'without a content type'
    return E.left(
      decodeFailed(caller.siteAt(http, call, response), {
        what: isOther ? `the response to ${http.method} was ${response.status} ${type}, not ${success}: ${what}` : what,
        hint: isIdempotent(http) ? hint : OUTCOME_UNKNOWN_HINT,
        issues: [],
      }),
    )
  }

  const records: Caller['records'] = (key, request, options = {}) => parsed(request, options, readPage(key))

  return {
    response,
    streamed,
    done: (request, options = {}) =>
      perform(request, options, (http, call) =>
        pipe(
          caller.send(http, call),
          TE.flatMapEither((response) => checkSuccess(request, http, call, response)),
        ),
      ),
    json: (request, options = {}) => parsed(request, options, E.right),
    decoded: (codec, request, options = {}) => parsed(request, options, readBody(codec)),
    records,
    listed: (key, codec, request, options) => {
      const readRecord = createRecordReader(cloud.provider, codec)
      return pipe(
        records(key, request, options),
        TE.map(({ records: elements, marker }) => ({ ...readRecords(elements, key, readRecord), marker })),
      )
    },
  }
}
