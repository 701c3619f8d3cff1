import type { Abortable, ByteSource } from '@imago/core/provider'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { ExchangeStage } from './exchange-stage.ts'
import type { HttpFailure } from './failure.ts'
import type { HttpHeaders } from './headers.ts'

export type HttpMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'

/** A request body. A `content-type` header of the request overrides its default. */
export type RequestBody =
  /** Default: `application/json`. */
  | { readonly kind: 'json'; readonly value: unknown }
  /** Default: `application/octet-stream`. */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | StreamBody

/**
 * Bytes that are sent as they are read, without buffering. Default: `application/octet-stream`.
 * With a `size`, that is the content length, and another number of bytes is `WrongSize`; without, the body is chunked.
 */
export interface StreamBody extends ByteSource {
  readonly kind: 'stream'
  /** Whether `open` may be called again for the same bytes. Not for standard input. */
  readonly isReopenable: boolean
}

/** A request of an adapter. */
export interface HttpRequest extends Abortable {
  readonly method: HttpMethod
  /** An absolute http(s) URL, or a path that starts with `/`, relative to the base URL of the client. */
  readonly url: string
  /** Names and values, in this order; names may repeat. Appended to a query in `url`. */
  readonly query?: readonly (readonly [name: string, value: string])[] | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: RequestBody | null | undefined
  /**
   * `stream`: returns 2xx responses as a stream. `by-type`: only those whose content type is not text. Other responses are text, because they describe
   * an error.
   */
  readonly responseKind?: 'text' | 'stream' | 'by-type' | undefined
  /** How long to wait for the server, in milliseconds: see `timeout`. */
  readonly timeoutMs?: number | undefined
  /** The same, after all of a streamed body was sent. Default: `timeoutMs`. */
  readonly responseTimeoutMs?: number | undefined
  /** Called by the transport with the stage of the exchange. */
  readonly onStage?: ((stage: ExchangeStage) => void) | undefined
  /** Whether the request is idempotent. Default: by its method, as HTTP defines. */
  readonly idempotent?: boolean | undefined
}

interface Response {
  readonly status: number
  readonly headers: HttpHeaders
  /** The absolute URL of the request. Its query may contain secrets. */
  readonly url: string
  /** An earlier attempt may have been carried out: it had no response, or one of 500 or above. So a DELETE with a 404 may have succeeded. */
  readonly isRepeat?: true | undefined
}

/** A response that was read to its end. */
export interface TextResponse extends Response {
  readonly kind: 'text'
  readonly text: string
}

/** A response with an unread body. Read it, or `close` it: it keeps the connection until then. */
export interface StreamResponse extends Response {
  readonly kind: 'stream'
  /** Can be read once. Throws `BrokenBody` if the body is incomplete. Leaving the loop closes it. */
  readonly bytes: AsyncIterable<Uint8Array>
  readonly close: () => void
}

/** A response, by `kind`. */
export type HttpResponse = TextResponse | StreamResponse

/** Sends requests. Never throws or rejects. Each run of the task sends the request. */
export type HttpClient = (request: HttpRequest) => TaskEither<HttpFailure, HttpResponse>

/** Wraps a client with one concern. */
export type Middleware = (next: HttpClient) => HttpClient

/** Combines middlewares; the first is the outermost. */
export const compose =
  (...middlewares: readonly Middleware[]): Middleware =>
  (client) =>
    middlewares.reduceRight((next, middleware) => middleware(next), client)

/** Whether a request is idempotent, by its own setting or its method. */
export const isIdempotent = ({ method, idempotent }: HttpRequest): boolean =>
  idempotent ?? (method !== 'POST' && method !== 'PATCH')

/** Whether the body can be sent again. */
export const isReplayable = ({ body }: HttpRequest): boolean => body?.kind !== 'stream' || body.isReopenable
