import type { HttpMethod, HttpRequest, RequestBody } from '@imago/http'

/** A request of the typed client: pure data. */
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
  /** How long the service may be silent, in milliseconds. Default: the connection's. */
  readonly timeoutMs?: number
  /** The same, once all of a streamed body was sent. */
  readonly answerTimeoutMs?: number
  /** The status of a success. Default: any of 2xx. */
  readonly success?: number
  /** The resource that a 404 means. Absent: the service itself. */
  readonly subject?: string
  /** The version of the API that introduced this path: an older service returns a generic 404. */
  readonly since?: string
}
