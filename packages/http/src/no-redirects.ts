import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpFailure } from './failure.ts'
import type { HttpResponse, Middleware } from './port.ts'

/** Not 300, with which Glance and Keystone list their versions. */
const REDIRECTS = new Set([301, 302, 303, 307, 308])

/** Without user, password, query and fragment, which may contain secrets. */
const formatLocation = (location: string, from: string): string | null => {
  try {
    const { protocol, origin, pathname } = new URL(location, from)
    return protocol === 'http:' || protocol === 'https:' ? `${origin}${pathname}` : null
  } catch {
    return null
  }
}

const refuseRedirect = (response: HttpResponse): E.Either<HttpFailure, HttpResponse> => {
  const location = response.headers.get('location')
  if (location === null || !REDIRECTS.has(response.status)) return E.right(response)
  return E.left({ _tag: 'RefusedRedirect', status: response.status, to: formatLocation(location, response.url) })
}

/** Converts a redirect to a failure with its target. The supported APIs do not redirect, so the address is wrong. */
export const noRedirects: Middleware = (next) => (request) => pipe(next(request), TE.flatMapEither(refuseRedirect))
