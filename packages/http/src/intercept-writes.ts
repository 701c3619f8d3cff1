import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpMethod, HttpRequest, Middleware } from './port.ts'

/** A request that a dry run did not send. It has no credential of the cloud; its body may contain secrets of the caller. */
export interface InterceptedRequest {
  readonly method: HttpMethod
  /** Absolute, with its query. */
  readonly url: string
  /** As the caller set them. */
  readonly headers: Readonly<Record<string, string>>
  /** `null`: no body. Of bytes and streams, only the size in bytes; `null`: unknown. */
  readonly body: { readonly json: unknown } | { readonly bytes: number | null } | null
}

const READING: ReadonlySet<HttpMethod> = new Set<HttpMethod>(['GET', 'HEAD', 'OPTIONS'])

const describeBody = ({ body }: HttpRequest): InterceptedRequest['body'] => {
  switch (body?.kind) {
    case undefined:
      return null
    case 'json':
      return { json: body.value }
    case 'bytes':
      return { bytes: body.bytes.length }
    case 'stream':
      return { bytes: body.size }
  }
}

const withQuery = ({ url, query = [] }: HttpRequest): string => {
  if (query.length === 0) return url
  const added = new URLSearchParams(query.map(([name, value]): [string, string] => [name, value]))
  return `${url}${url.includes('?') ? '&' : '?'}${added.toString()}`
}

/** A dry run: requests that read are sent. Others are passed to `intercept`, and fail with `Intercepted`. */
export const interceptWrites =
  (intercept: (request: InterceptedRequest) => void): Middleware =>
  (next) =>
  (request) => {
    if (READING.has(request.method)) return next(request)
    return TE.fromIOEither(() => {
      intercept({
        method: request.method,
        url: withQuery(request),
        headers: request.headers ?? {},
        body: describeBody(request),
      })
      return { _tag: 'Left', left: { _tag: 'Intercepted' } }
    })
  }
