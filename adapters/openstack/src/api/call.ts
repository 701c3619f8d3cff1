import {
  aborted,
  decodeFailed,
  notFound,
  createErrorSite,
  type Abortable,
  type ImageResult,
  type CloudIdentity,
  type ErrorSite,
  type ImageError,
} from '@imago/core'
import { toDecoder, Notes, type Issue } from '@imago/codec'
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
import { isSuccess, OUTCOME_UNKNOWN_HINT, readResponse, type BodyReader } from '@imago/provider-kit/live'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type * as t from 'io-ts'
import { siteOfAnswer, toImageError, toImageErrorWithoutAnswer, type Asked } from '../map-error.ts'
import type { ApiRequest } from '../requests/api-request.ts'

/** The services of one cloud, reached as somebody who is logged in. Paths below `image` begin with `/v2`. */
export interface Services {
  readonly cloud: CloudIdentity
  readonly image: HttpClient
  readonly compute: HttpClient
  readonly keystone: HttpClient
}

/** For any call of the typed client. */
export interface CallOptions extends Abortable {
  /** What an error shall call the operation; the client's own name for it, if left out. */
  readonly operation?: string | undefined
  /** Ask past caches on the way. What comes out of one all the same is given as it is: see `onAge`. */
  readonly isFresh?: boolean | undefined
  /** Is given how many seconds an answer to GET lay in a cache, whatever its status; 0: nothing says that it did. */
  readonly onAge?: ((seconds: number) => void) | undefined
}

/** An element of a list that could not be read. Its neighbours are not concerned. */
export interface Unreadable {
  readonly raw: unknown
  readonly issues: readonly Issue[]
}

/** The elements of a list, or of a page of one. */
export interface Listed<A> {
  readonly items: readonly A[]
  readonly rejected: readonly Unreadable[]
  /** What to ask for as `marker` to get the next page; `null`: there is none. */
  readonly marker: string | null
}

/** The elements of a list, or of a page of one, as they came. */
export interface Records {
  readonly records: readonly unknown[]
  /** As of `Listed`. */
  readonly marker: string | null
}

/** An answer whose bytes are still to be read: read them, or `close` it. */
export interface Streamed {
  readonly status: number
  readonly headers: HttpHeaders
  /** Can be read once. A failure is thrown as `ImageException`. */
  readonly bytes: AsyncIterable<Uint8Array>
  readonly close: () => void
  /** For an error about these bytes. */
  readonly site: ErrorSite
}

/** Sends requests, and reads what comes back. */
export interface Caller {
  /** An answer of 2xx, as it is received. */
  readonly streamed: (request: ApiRequest, options?: CallOptions) => ImageResult<Streamed>
  /** A whole answer of 2xx. */
  readonly response: (request: ApiRequest, options?: CallOptions) => ImageResult<TextResponse>
  /** Success, whatever the body. */
  readonly done: (request: ApiRequest, options?: CallOptions) => ImageResult<void>
  /** JSON of any shape. */
  readonly json: (request: ApiRequest, options?: CallOptions) => ImageResult<unknown>
  readonly decoded: <A>(codec: t.Type<A, unknown>, request: ApiRequest, options?: CallOptions) => ImageResult<A>
  /** The elements below `key`, not read yet. */
  readonly records: (key: string, request: ApiRequest, options?: CallOptions) => ImageResult<Records>
  readonly listed: <A>(
    key: string,
    codec: t.Type<A, unknown>,
    request: ApiRequest,
    options?: CallOptions,
  ) => ImageResult<Listed<A>>
}

const isSegment = (segment: string): boolean => segment !== '' && segment !== '.' && segment !== '..'

/** Exactly this: with `*\/*` besides, Glance writes its errors in HTML. Pylons/webob, src/webob/exc.py, generate_response. */
const ACCEPT = 'application/json'

const decodedText = (text: string): string | null => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return null
  }
}

/** `next` has lost all but one of the request's repeated keys, and is a path of the server's own making: nothing but its marker is taken. glance: glance/api/v2/images.py, ResponseSerializer.index. */
const markerOf = (next: unknown): E.Either<readonly Issue[], string | null> => {
  if (next === undefined || next === null) return E.right(null)
  const marker = typeof next === 'string' ? decodedText(/[?&]marker=([^&#]*)/.exec(next)?.[1] ?? '') : null
  return marker === null || marker === ''
    ? E.left([
        {
          pointer: '/next',
          expected: 'a link with a marker',
          got: typeof next === 'string' ? 'one without' : typeof next,
        },
      ])
    : E.right(marker)
}

/** Glance says it in `next`, Nova in `servers_links`. */
const nextOf = (envelope: Readonly<Record<string, unknown>>, key: string): unknown => {
  const links = envelope[`${key}_links`]
  const link = Array.isArray(links)
    ? (links as readonly unknown[]).find((one) => (one as { readonly rel?: unknown } | null)?.rel === 'next')
    : undefined
  return link === undefined ? envelope['next'] : (link as { readonly href?: unknown }).href
}

const readEach = <A>(codec: t.Type<A, unknown>, records: readonly unknown[]): Omit<Listed<A>, 'marker'> => {
  const decode = toDecoder(codec)
  const items: A[] = []
  const rejected: Unreadable[] = []
  for (const raw of records) {
    const read = decode(raw, new Notes())
    if (E.isLeft(read)) rejected.push({ raw, issues: read.left })
    else items.push(read.right)
  }
  return { items, rejected }
}

/** What a cache must heed, and often does not: of HTTP/1.1, and of 1.0. RFC 9111, 5.2.1.4 and 5.4. */
const NO_CACHE = { 'cache-control': 'no-cache', pragma: 'no-cache' }

/** How many seconds an answer lay in a cache. No service of OpenStack sends `Age` itself. RFC 9111, 5.1. */
const ageOf = ({ headers }: TextResponse): number => {
  const text = headers.get('age')?.trim() ?? ''
  return /^\d{1,10}$/.test(text) ? Number(text) : 0
}

const NOT_WHAT_IT_SENDS = 'the answer is not what this service sends'

/** A caller over the services of a cloud. `clock`: milliseconds since the epoch. */
export const createCaller = (services: Services, clock: () => number = Date.now): Caller => {
  const { cloud } = services

  const askedOf = (
    { name, service, method, path, subject, since, idempotent }: ApiRequest,
    { operation = name }: CallOptions,
  ): Asked => ({
    cloud,
    operation,
    method,
    path: `/${path.map(encodeURIComponent).join('/')}`,
    subject: subject ?? null,
    since,
    service: service === 'compute' ? 'Nova' : 'Glance',
    onlyOnce: !isIdempotent({ method, url: '', idempotent }),
  })

  const refused = (asked: Asked, answer: TextResponse): ImageError => toImageError(asked, answer, clock())

  /** What is sent by `ask`, unless the path is none, or it is too late. */
  const sent = <A>(
    request: ApiRequest,
    options: CallOptions,
    ask: (http: HttpRequest, asked: Asked) => ImageResult<A>,
  ): ImageResult<A> => {
    const asked = askedOf(request, options)
    const { signal } = options
    // `..` would ask for something else, however it is encoded.
    if (!request.path.every(isSegment))
      return TE.left(
        notFound(createErrorSite(cloud, asked.operation), { what: `there is no ${request.subject ?? 'such thing'}` }),
      )
    const { method, query, headers, body, idempotent, timeoutMs, answerTimeoutMs } = request
    const http: HttpRequest = {
      method,
      url: asked.path,
      query,
      headers: { accept: ACCEPT, ...(method === 'GET' && options.isFresh === true ? NO_CACHE : {}), ...headers },
      body,
      signal,
      timeoutMs,
      answerTimeoutMs,
      ...(idempotent === undefined ? {} : { idempotent }),
    }
    const work = ask(http, asked)
    return () =>
      signal?.aborted === true ? Promise.resolve(E.left(aborted(createErrorSite(cloud, asked.operation)))) : work()
  }

  const clientOf = (request: ApiRequest): HttpClient => services[request.service ?? 'image']

  /** Asks again, past caches, for what came out of one. */
  const asText = (
    request: ApiRequest,
    { isFresh = false, onAge = () => undefined }: CallOptions,
    http: HttpRequest,
  ): TE.TaskEither<HttpFailure, TextResponse> => {
    const ask = sendForText(clientOf(request))
    if (request.method !== 'GET') return ask(http)
    return pipe(
      ask(http),
      TE.flatMap((answer) =>
        isFresh || ageOf(answer) === 0 ? TE.right(answer) : ask({ ...http, headers: { ...http.headers, ...NO_CACHE } }),
      ),
      TE.tapIO((answer) => () => onAge(ageOf(answer))),
    )
  }

  const response: Caller['response'] = (request, options = {}) =>
    sent(request, options, (http, asked) =>
      pipe(
        asText(request, options, http),
        TE.mapLeft((failure) => toImageErrorWithoutAnswer(asked, failure)),
        TE.filterOrElse(
          (answer) => isSuccess(request, answer),
          (answer) => refused(asked, answer),
        ),
      ),
    )

  const streamed: Caller['streamed'] = (request, options = {}) =>
    sent(request, options, (http, asked) =>
      pipe(
        clientOf(request)({ ...http, responseKind: 'stream' }),
        TE.mapLeft((failure) => toImageErrorWithoutAnswer(asked, failure)),
        TE.flatMapEither((answer: HttpResponse): E.Either<ImageError, Streamed> => {
          if (answer.kind === 'text') return E.left(refused(asked, answer))
          const { status, headers, bytes, close } = answer
          const site = siteOfAnswer(asked, answer)
          return E.right({ status, headers, bytes: imageBytes(bytes, site), close, site })
        }),
      ),
    )

  const parsed = <A>(request: ApiRequest, options: CallOptions, read: BodyReader<A>): ImageResult<A> =>
    pipe(
      response(request, options),
      TE.flatMapEither((answer) => {
        const asked = askedOf(request, options)
        return readResponse(read, {
          site: siteOfAnswer(asked, answer),
          server: asked.service ?? 'Glance',
          unreadable: NOT_WHAT_IT_SENDS,
          onlyOnce: asked.onlyOnce === true,
        })(answer)
      }),
    )

  /** A success that is not the service's: something before it answered. */
  const unexpected = (request: ApiRequest, options: CallOptions, answer: TextResponse): E.Either<ImageError, void> => {
    const page = readWebPage(answer)
    const isOther = request.success !== undefined && answer.status !== request.success && answer.status < 300
    if (page === null && !isOther) return E.right(undefined)
    const asked = askedOf(request, options)
    const { what, hint } =
      page === null
        ? { what: 'it was not Glance’s', hint: 'See what stands before Glance' }
        : describeWebPage(page, asked.service ?? 'Glance')
    const type = answer.headers.get('content-type')?.split(';')[0] ?? 'without a type'
    const said = isOther
      ? `the answer to ${request.method} was ${answer.status} ${type}, not ${request.success}: ${what}`
      : what
    return E.left(
      decodeFailed(siteOfAnswer(asked, answer), {
        what: said,
        hint: asked.onlyOnce === true ? OUTCOME_UNKNOWN_HINT : hint,
        issues: [],
      }),
    )
  }

  const records: Caller['records'] = (key, request, options = {}) =>
    parsed(request, options, (value) => {
      const envelope = (value ?? {}) as Readonly<Record<string, unknown>>
      const elements = Object.hasOwn(envelope, key) ? envelope[key] : undefined
      if (!Array.isArray(elements))
        return E.left([
          { pointer: `/${key}`, expected: 'a list', got: elements === undefined ? 'nothing' : typeof elements },
        ])
      return pipe(
        markerOf(nextOf(envelope, key)),
        E.map((marker) => ({ records: elements as readonly unknown[], marker })),
      )
    })

  return {
    response,
    streamed,
    done: (request, options) =>
      pipe(
        response(request, options),
        TE.flatMapEither((answer) => unexpected(request, options ?? {}, answer)),
      ),
    json: (request, options = {}) => parsed(request, options, E.right),
    decoded: (codec, request, options = {}) => {
      const decode = toDecoder(codec)
      return parsed(request, options, (value) => decode(value, new Notes()))
    },
    records,
    listed: (key, codec, request, options) =>
      pipe(
        records(key, request, options),
        TE.map(({ records: elements, marker }) => ({ ...readEach(codec, elements), marker })),
      ),
  }
}
