import type { HttpMethod, HttpRequest, RequestBody } from '@imago/http'

/** A request as the typed client states it: pure data. */
export interface ApiRequest {
  readonly service?: 'image' | 'compute' | 'blockStorage' | 'keystone'
  /** The client's name for it: `images.get`. */
  readonly name: string
  readonly method: HttpMethod
  /** Segments, not yet encoded. */
  readonly path: readonly string[]
  readonly query?: HttpRequest['query']
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: RequestBody
  readonly idempotent?: boolean
  /** How long the service may be silent, in milliseconds. Left out: as the connection has it. */
  readonly timeoutMs?: number
  /** The same, once all of a streamed body was sent. */
  readonly answerTimeoutMs?: number
  /** The one status of a success; any of 2xx if left out. */
  readonly success?: number
  /** What a 404 says is missing. Left out: the service itself. */
  readonly subject?: string
  /** The version of the API that brought this path: an older service answers it with a 404 that says nothing of what is missing. */
  readonly since?: string
}
