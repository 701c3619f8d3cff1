import type { Abortable, ByteSource } from '@imago/core/provider'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { ExchangeStage } from './exchange-stage.ts'
import type { HttpFailure } from './failure.ts'
import type { HttpHeaders } from './headers.ts'

/** What can be asked for. */
export type HttpMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'

/** What is sent. A `content-type` among the request's headers goes before the usual one of the kind. */
export type RequestBody =
  /** Usually `application/json`. */
  | { readonly kind: 'json'; readonly value: unknown }
  /** Usually `application/octet-stream`. */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | StreamBody

/**
 * Bytes that are sent as they are read, never gathered. Usually `application/octet-stream`.
 * With a `size` they are sent as that many, and another number of them is `WrongSize`; without, in chunks.
 */
export interface StreamBody extends ByteSource {
  readonly kind: 'stream'
  /** Whether `open` may be called again, and gives the same bytes: as a `ByteSource` promises, but standard input does not. */
  readonly isReopenable: boolean
}

/** A request as an adapter states it. */
export interface HttpRequest extends Abortable {
  readonly method: HttpMethod
  /** An absolute http(s) URL, or a path (it starts with one `/`) under the base address of the client. */
  readonly url: string
  /** Name and value, in this order, names more than once if need be. Follows a query that is already in `url`. */
  readonly query?: readonly (readonly [name: string, value: string])[] | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: RequestBody | null | undefined
  /**
   * `stream`: an answer 2xx comes as it is received. `by-type`: one that its content type does not call text does.
   * Any other answer is text all the same: it says what went wrong.
   */
  readonly responseKind?: 'text' | 'stream' | 'by-type' | undefined
  /** How long the server may be silent, in milliseconds; see `timeout`. */
  readonly timeoutMs?: number | undefined
  /** The same, from when all of a streamed body was sent. Left out: `timeoutMs`. */
  readonly answerTimeoutMs?: number | undefined
  /** Is told by the transport what it waits for now. */
  readonly onStage?: ((stage: ExchangeStage) => void) | undefined
  /** Whether doing it twice is the same as doing it once. Left out: as HTTP says of the method. */
  readonly idempotent?: boolean | undefined
}

interface Answered {
  readonly status: number
  readonly headers: HttpHeaders
  /** The absolute URL that was asked. May hold secrets in its query. */
  readonly url: string
  /** The same request was sent before and may have been done: no answer came, or one of 500 and above. So a DELETE that is answered 404 may have done its work. */
  readonly isRepeat?: true | undefined
}

/** An answer that was read to its end. */
export interface TextResponse extends Answered {
  readonly kind: 'text'
  readonly text: string
}

/** An answer whose body is still to be read: read it, or `close` it; the connection is held until then. */
export interface StreamResponse extends Answered {
  readonly kind: 'stream'
  /** Can be read once. A failure is thrown as `BrokenBody`: bytes never just end early. Leaving the loop closes it. */
  readonly bytes: AsyncIterable<Uint8Array>
  readonly close: () => void
}

/** An answer: told apart by `kind`. */
export type HttpResponse = TextResponse | StreamResponse

/** Sends requests. Never throws, never rejects; does nothing until it is run, and sends anew each time it is run. */
export type HttpClient = (request: HttpRequest) => TaskEither<HttpFailure, HttpResponse>

/** One concern, put around a client. */
export type Middleware = (next: HttpClient) => HttpClient

/** All of them around a client: the first is the outermost. */
export const compose =
  (...middlewares: readonly Middleware[]): Middleware =>
  (client) =>
    middlewares.reduceRight((next, middleware) => middleware(next), client)

/** Whether doing it twice is the same as doing it once: what the request says, else what HTTP says of its method. */
export const isIdempotent = ({ method, idempotent }: HttpRequest): boolean =>
  idempotent ?? (method !== 'POST' && method !== 'PATCH')

/** Whether the same bytes can be sent again. */
export const isReplayable = ({ body }: HttpRequest): boolean => body?.kind !== 'stream' || body.isReopenable
