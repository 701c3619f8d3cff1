import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpMethod, HttpRequest, Middleware } from './port.ts'

/** A request that was not sent. Holds no credential of the cloud; a body may hold what the caller put into it. */
export interface InterceptedRequest {
  readonly method: HttpMethod
  /** Absolute, with its query. */
  readonly url: string
  /** As the caller stated them. */
  readonly headers: Readonly<Record<string, string>>
  /** `null`: there is none. Of bytes and streams, only the size in bytes; that is `null` where it is not known. */
  readonly body: { readonly json: unknown } | { readonly bytes: number | null } | null
}

const READING: ReadonlySet<HttpMethod> = new Set<HttpMethod>(['GET', 'HEAD', 'OPTIONS'])

const bodyOf = ({ body }: HttpRequest): InterceptedRequest['body'] => {
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

/** A dry run: what reads is sent, what would change something is given to `hold` and answered by the failure `Held`. */
export const interceptWrites =
  (hold: (request: InterceptedRequest) => void): Middleware =>
  (next) =>
  (request) => {
    if (READING.has(request.method)) return next(request)
    return TE.fromIOEither(() => {
      hold({ method: request.method, url: withQuery(request), headers: request.headers ?? {}, body: bodyOf(request) })
      return { _tag: 'Left', left: { _tag: 'Intercepted' } }
    })
  }
