import { trimTrailing, type ErrorDetails } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'

const VERSION = /\/v\d+(?:\.\d+)?(?=\/|$)/

/** `https://cloud.example/image/v2/` → `https://cloud.example/image`: without a version at its end, and without slashes. */
export const withoutVersion = (url: string): string =>
  trimTrailing(trimTrailing(url, '/').replace(/\/v\d+(?:\.\d+)?$/, ''), '/')

/** All before the first version in the path: `https://cloud.example/compute/v2.1/PROJECT` → `https://cloud.example/compute`. */
export const beforeVersion = (url: string): string => {
  const { origin, pathname } = new URL(url)
  const [before = ''] = pathname.split(VERSION)
  return trimTrailing(`${origin}${before}`, '/')
}

/** Whether some part of the path is a version. */
export const hasVersion = (url: string): boolean => VERSION.test(new URL(url).pathname)

/** An address as configuration or catalog state it, without query, fragment and slashes at its end. `of` names it in the error, which repeats nothing of it. */
export const parseAddress = (text: string, of: string): E.Either<ErrorDetails, string> => {
  let url: URL
  try {
    url = new URL(text.trim())
  } catch {
    return E.left({ what: `${of} is no URL` })
  }
  if (!/^https?:\/\//i.test(text.trim())) return E.left({ what: `${of} is no http or https URL` })
  if (url.username !== '' || url.password !== '') return E.left({ what: `${of} holds a user or password` })
  return E.right(trimTrailing(`${url.origin}${url.pathname}`, '/'))
}

/** Nobody but this machine hears what is sent there. */
export const isLoopback = (url: string): boolean =>
  /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(new URL(url).hostname)
