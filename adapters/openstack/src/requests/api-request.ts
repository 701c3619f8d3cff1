import type { HttpMethod, HttpRequest, RequestBody } from '@imago/http'

/** A request of the typed client, as plain data. */
export interface ApiRequest {
  readonly service?: 'image' | 'compute' | 'blockStorage' | 'keystone' | undefined
  /** Name of the client method: `images.get`. */
  readonly name: string
  readonly method: HttpMethod
  /** Path segments, not encoded. */
  readonly path: readonly string[]
  readonly query?: HttpRequest['query'] | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: RequestBody | undefined
  readonly idempotent?: boolean | undefined
  /** Maximum time without data from the service, in milliseconds. Default: the connection's. */
  readonly timeoutMs?: number | undefined
  /** Like `timeoutMs`, after a streamed body was sent. */
  readonly responseTimeoutMs?: number | undefined
  /** Status of a success. Default: any 2xx. */
  readonly success?: number | undefined
  /** The resource that a 404 refers to. Absent: the service itself. */
  readonly subject?: string | undefined
  /** The API version that introduced this path. An older service returns a generic 404. */
  readonly since?: string | undefined
  /** What a 404 means if the path has no resource, only a feature that a cloud may lack: `this cloud reports no stores`. */
  readonly missingFeature?: string | undefined
}
