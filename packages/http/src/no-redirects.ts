import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpFailure } from './failure.ts'
import type { HttpResponse, Middleware } from './port.ts'

/** Not 300: Glance and Keystone answer their root with it, and their versions in the body. */
const REDIRECTS = new Set([301, 302, 303, 307, 308])

/** Without user, password, query and fragment: nothing of a signed link goes into a message. */
const placeOf = (location: string, from: string): string | null => {
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
  return E.left({ _tag: 'RefusedRedirect', status: response.status, to: placeOf(location, response.url) })
}

/** Turns a redirect into a failure that says where it leads. No API spoken here redirects: one that does is at another address, or is no API. */
export const noRedirects: Middleware = (next) => (request) => pipe(next(request), TE.flatMapEither(refuseRedirect))
