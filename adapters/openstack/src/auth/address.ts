import { trimTrailing, type ErrorDetails } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'

const VERSION = /\/v\d+(?:\.\d+)?(?=\/|$)/

/** Drops a trailing version and slashes: `https://cloud.example/image/v2/` → `https://cloud.example/image`. */
export const withoutVersion = (url: string): string =>
  trimTrailing(trimTrailing(url, '/').replace(/\/v\d+(?:\.\d+)?$/, ''), '/')

/** Returns the address up to the first version in the path: `https://cloud.example/compute/v2.1/PROJECT` → `https://cloud.example/compute`. */
export const beforeVersion = (url: string): string => {
  const { origin, pathname } = new URL(url)
  const [before = ''] = pathname.split(VERSION)
  return trimTrailing(`${origin}${before}`, '/')
}

/** Whether a segment of the path is a version. */
export const hasVersion = (url: string): boolean => VERSION.test(new URL(url).pathname)

/** Parses an address from the configuration or the catalog; drops the query, the fragment and trailing slashes. The error names `of` and does not quote the address. */
export const parseAddress = (text: string, of: string): E.Either<ErrorDetails, string> => {
  let url: URL
  try {
    url = new URL(text.trim())
  } catch {
    return E.left({ what: `${of} is not a URL` })
  }
  if (!/^https?:\/\//i.test(text.trim())) return E.left({ what: `${of} is not an http or https URL` })
  if (url.username !== '' || url.password !== '') return E.left({ what: `${of} contains a user or password` })
  return E.right(trimTrailing(`${url.origin}${url.pathname}`, '/'))
}

/** Whether requests to the address stay on this machine. */
export const isLoopback = (url: string): boolean =>
  /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(new URL(url).hostname)
