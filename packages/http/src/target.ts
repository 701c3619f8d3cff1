import * as E from 'fp-ts/lib/Either.js'
import type { HttpFailure } from './failure.ts'
import type { HttpRequest } from './port.ts'

const invalid = (what: string, hint?: string): E.Either<HttpFailure, never> =>
  E.left({ _tag: 'InvalidRequest', what, hint })

/** Parses an http(s) URL without user and password. `what` names it in the failure, which does not contain it. */
export const parseHttpUrl = (text: string, what: string): E.Either<HttpFailure, URL> => {
  let url: URL
  try {
    url = new URL(text)
  } catch {
    return invalid(`${what} is not a URL`)
  }
  // URL parses `http:word` as a host.
  if (!/^https?:\/\//i.test(text)) return invalid(`${what} is not an http or https URL`)
  if (url.username !== '' || url.password !== '') return invalid(`${what} contains a user or password`)
  url.hash = ''
  return E.right(url)
}

/** The absolute URL of a request, with its query. */
export const toTarget = ({ url, query = [] }: HttpRequest): E.Either<HttpFailure, URL> => {
  const target = parseHttpUrl(url, 'the URL of the request')
  if (E.isRight(target) && query.length > 0) {
    // The existing query stays unchanged. Names may be repeated: `type=a&type=b`.
    const added = new URLSearchParams()
    for (const [name, value] of query) added.append(name, value)
    target.right.search =
      target.right.search.length > 1 ? `${target.right.search}&${added.toString()}` : added.toString()
  }
  return target
}

/** Node sets these itself. Another `host` would send the request to another server behind the same address. */
const RESERVED = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'proxy-authorization',
  'upgrade',
  'trailer',
  'te',
])

/** axios silently removes forbidden characters from headers, so a token with a line break would be sent as another token. */
export const checkHeaders = (headers: Readonly<Record<string, string>>): E.Either<HttpFailure, void> => {
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) return invalid('invalid header name')
    if (RESERVED.has(name.toLowerCase())) return invalid(`the header ${name} cannot be set`, 'Omit this header')
    if (!/^[\t\u0020-\u007e\u0080-\u00ff]*$/.test(value) || value.trim() !== value)
      return invalid(`the header ${name} has invalid characters`)
  }
  return E.right(undefined)
}
