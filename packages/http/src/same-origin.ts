import { trimTrailing } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpFailure } from './failure.ts'
import type { HttpRequest, Middleware } from './port.ts'
import { parseHttpUrl } from './target.ts'

/** Where an API is. */
export interface SameOriginOptions {
  /** The address of the API: paths are put under it. */
  readonly base: string
  /** Other addresses that requests may go to, by scheme, host and port; their paths do not count. */
  readonly otherOrigins?: readonly string[] | undefined
}

const refuse = (what: string): E.Either<HttpFailure, never> => E.left({ _tag: 'InvalidRequest', what })

/** A path under the base, written as text after the base's own: however it is spelled, it cannot name a host. */
const underBase = (path: string, base: URL): E.Either<HttpFailure, URL> => {
  const root = trimTrailing(base.pathname, '/')
  const [, pathname = '', query = ''] = /^([^?#]*)(\?[^#]*)?/.exec(path) ?? []
  if (/[\u0000-\u0020\u007f\\]/.test(path))
    return refuse('the path of the request has characters that a path cannot have')
  const url = new URL(`${base.origin}${root}${pathname}${query}`)
  // `..` would lead to another service behind the same host; URL has resolved it by now, in each of its spellings.
  return url.pathname.startsWith(`${root}/`)
    ? E.right(url)
    : refuse('the path of the request leads out of the address of the API')
}

/** `//host/path` is a link to another host. */
const isPath = (url: string): boolean => /^\/(?![/\\])/.test(url)

/** `//host` as what it means, so that the failure can name it. */
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
 * Makes every URL absolute, and refuses those of other hosts before anything is sent. Links in an answer, however hostile, lead
 * nowhere else. Other scheme or port: other host.
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
