import * as E from 'fp-ts/lib/Either.js'
import type { HttpFailure } from './failure.ts'
import type { HttpRequest } from './port.ts'

const invalid = (what: string): E.Either<HttpFailure, never> => E.left({ _tag: 'InvalidRequest', what })

/** An http(s) URL without user and password; `what` names it in the failure, which repeats nothing of it. */
export const parseHttpUrl = (text: string, what: string): E.Either<HttpFailure, URL> => {
  let url: URL
  try {
    url = new URL(text)
  } catch {
    return invalid(`${what} is no URL`)
  }
  // `http:word` would be a host of that name.
  if (!/^https?:\/\//i.test(text)) return invalid(`${what} is no http or https URL`)
  if (url.username !== '' || url.password !== '') return invalid(`${what} holds a user or password`)
  url.hash = ''
  return E.right(url)
}

/** Where a request goes: its absolute URL with its query. */
export const toTarget = ({ url, query = [] }: HttpRequest): E.Either<HttpFailure, URL> => {
  const target = parseHttpUrl(url, 'the address of the request')
  if (E.isRight(target) && query.length > 0) {
    // Only the new part is written, so that what stood in the URL stays as it was. Names are repeated: `type=a&type=b`.
    const added = new URLSearchParams()
    for (const [name, value] of query) added.append(name, value)
    target.right.search =
      target.right.search.length > 1 ? `${target.right.search}&${added.toString()}` : added.toString()
  }
  return target
}

/** Node sets these itself. By another `host`, a server behind the same address would be given what is not meant for it. */
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

/** axios removes forbidden characters from headers without a word; a token with a line break would be sent as another token. */
export const checkHeaders = (headers: Readonly<Record<string, string>>): E.Either<HttpFailure, void> => {
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) return invalid('a header has a forbidden name')
    if (RESERVED.has(name.toLowerCase())) return invalid(`the header ${name} is not the caller’s to set`)
    if (!/^[\t\u0020-\u007e\u0080-\u00ff]*$/.test(value) || value.trim() !== value)
      return invalid(`the header ${name} has characters that cannot be sent`)
  }
  return E.right(undefined)
}
