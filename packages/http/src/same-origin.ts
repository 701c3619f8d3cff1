import { trimTrailing } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpFailure } from './failure.ts'
import type { HttpRequest, Middleware } from './port.ts'
import { parseHttpUrl } from './target.ts'

/** The addresses of an API. */
export interface SameOriginOptions {
  /** The base URL of the API. */
  readonly base: string
  /** Other allowed addresses. Only scheme, host and port count. */
  readonly otherOrigins?: readonly string[] | undefined
}

const refuse = (what: string): E.Either<HttpFailure, never> =>
  E.left({ _tag: 'InvalidRequest', what, hint: 'Correct the path of the request' })

/** Appends a path to the path of the base URL as text, so that it cannot name a host in any notation. */
const underBase = (path: string, base: URL): E.Either<HttpFailure, URL> => {
  const root = trimTrailing(base.pathname, '/')
  const [, pathname = '', query = ''] = /^([^?#]*)(\?[^#]*)?/.exec(path) ?? []
  if (/[\u0000-\u0020\u007f\\]/.test(path))
    return refuse('the path of the request has characters that a path cannot have')
  const url = new URL(`${base.origin}${root}${pathname}${query}`)
  // `..` would lead to another service on the same host. URL has already resolved all its notations.
  return url.pathname.startsWith(`${root}/`)
    ? E.right(url)
    : refuse('the path of the request leads out of the address of the API')
}

/** Whether a URL is a path. `//host/path` is a link to another host. */
const isPath = (url: string): boolean => /^\/(?![/\\])/.test(url)

/** Adds the scheme to `//host`, so that the failure can name the host. */
const absolute = (url: string, base: URL): string => (/^[/\\]{2}/.test(url) ? `${base.protocol}${url}` : url)

const resolve = ({ url }: HttpRequest, base: URL, origins: ReadonlySet<string>): E.Either<HttpFailure, URL> => {
  if (isPath(url)) return underBase(url, base)
  return pipe(
    parseHttpUrl(absolute(url, base), 'the address of the request'),
    E.filterOrElse(
      ({ origin }) => origins.has(origin),
      ({ origin }): HttpFailure => ({ _tag: 'RefusedHost', origin }),
    ),
  )
}

/**
 * Makes every URL absolute, and refuses requests to other origins before they are sent, such as hostile links in a response. Another scheme or port is another
 * origin.
 */
export const sameOrigin = ({ base, otherOrigins = [] }: SameOriginOptions): Middleware => {
  const parsed = pipe(
    [base, ...otherOrigins],
    E.traverseArray((text) => parseHttpUrl(text, 'the address of the API')),
  )
  return (next) => (request) =>
    pipe(
      TE.fromEither(parsed),
      TE.flatMapEither(([root, ...others]) =>
        resolve(request, root as URL, new Set([root as URL, ...others].map(({ origin }) => origin))),
      ),
      TE.flatMap(({ href }) => next({ ...request, url: href })),
    )
}
