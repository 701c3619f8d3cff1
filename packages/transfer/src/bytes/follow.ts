import {
  conflict,
  forbidden,
  notFound,
  quoteEmpty,
  rateLimited,
  rejected,
  unauthorized,
  unavailable,
  type AbortSignalLike,
  type ErrorSite,
  type ImageError,
} from '@imago/core'
import {
  selectProxy,
  findRequestId,
  parseRetryAfter,
  toImageErrorFromFailure,
  type HttpClient,
  type HttpResponse,
  type ProxyOptions,
} from '@imago/http'
import * as E from 'fp-ts/lib/Either.js'
import { nearness, type Scope } from './address.ts'
import { maskUrl } from './mask-url.ts'
import { findHost, type FoundHost, type Network } from './network.ts'

/** The maximum number of redirects that are followed. */
export const MAX_REDIRECTS = 5

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** Parses a URL that may be requested: http or https, without credentials. The fragment is dropped. */
export const parseUrl = (text: string, base: URL | undefined, site: ErrorSite): E.Either<ImageError, URL> => {
  if (!URL.canParse(text, base?.href))
    return E.left(
      rejected(site, {
        what: base === undefined ? `not a URL: ${quoteEmpty(text)}` : `${maskUrl(base)} redirects to an invalid URL`,
        hint: 'Use an http or https URL',
      }),
    )
  const url = new URL(text, base?.href)
  const whose = base === undefined ? `the URL ${maskUrl(url)}` : `${maskUrl(base)} redirects to a URL that`
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return E.left(
      rejected(site, {
        what: `${whose} has the scheme ${url.protocol.slice(0, -1)}, which is not supported`,
        hint: 'Use an http or https URL',
      }),
    )
  if (url.username !== '' || url.password !== '')
    return E.left(
      rejected(site, {
        what: `${whose} contains a user or password, and URLs are read without credentials`,
        hint: 'Download the file by other means, and use its path',
      }),
    )
  url.hash = ''
  return E.right(url)
}

/** The error for a response without the bytes. */
const toError = (response: HttpResponse, url: URL, site: ErrorSite): ImageError => {
  const { status, headers } = response
  const traced: ErrorSite = {
    ...site,
    request: { method: 'GET', path: url.pathname, status, requestId: findRequestId(headers) },
  }
  const at = maskUrl(url)
  if (status === 404 || status === 410) return notFound(traced, { what: `not found: ${at}`, hint: 'Check the URL' })
  if (status === 401)
    return unauthorized(traced, {
      what: `${at} requires credentials, and URLs are read without credentials`,
      hint: 'Download the file by other means, and use its path',
    })
  if (status === 403)
    return forbidden(traced, {
      what: `access denied: ${at}`,
      reason: 'HTTP 403',
      hint: 'Check the URL; if it is signed, it may have expired: get a new one',
    })
  if (status === 429)
    return rateLimited(traced, {
      what: `too many requests to ${at}`,
      retryAfterMs: parseRetryAfter(headers, Date.now()),
    })
  if (status === 412 || status === 416)
    return conflict(traced, { what: `the file at ${at} has changed`, hint: 'Create a new plan', remedy: 'new-plan' })
  if (status >= 500 || status === 408)
    return unavailable(traced, { what: `the server of ${at} returned HTTP ${status}` })
  return rejected(traced, { what: `${at} does not return the file`, hint: 'Check the URL' })
}

/** How a URL and its redirects are requested. */
export interface Following {
  readonly client: HttpClient
  readonly network: Network
  readonly proxy: ProxyOptions | null
  readonly site: ErrorSite
  /** Called with each host before it is connected to. */
  readonly pin: (host: FoundHost) => void
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignalLike | undefined
  /** The nearest scope allowed for the first host; `null`: any, since the user named it. */
  readonly nearest: Scope | null
  /** Whether a response that is not a stream is accepted, by its status. */
  readonly accepts: (status: number) => boolean
}

/** The response after all redirects. */
export interface Arrival {
  readonly url: URL
  readonly response: HttpResponse
  /** Scope of the first host. */
  readonly firstScope: Scope
  /** Scope of the last host. */
  readonly scope: Scope
}

const tooNearError = (url: URL, found: FoundHost, from: URL | null, site: ErrorSite): ImageError =>
  rejected(site, {
    what:
      from === null
        ? `the host of ${maskUrl(url)} now has a ${found.nearest} address`
        : `${maskUrl(from)} redirects to ${maskUrl(url)}, which has a ${found.nearest} address`,
    hint: 'Do not trust this URL; no request was sent to that address',
  })

const resolveHost = async (url: URL, { network, proxy, site }: Following): Promise<E.Either<ImageError, FoundHost>> => {
  try {
    return E.right(await findHost(url.hostname, network))
  } catch {
    // A proxy may resolve names that this machine cannot.
    if (proxy !== null && selectProxy(url, proxy) !== null)
      return E.right({ name: url.hostname, addresses: [], nearest: 'public', farthest: 'public' })
    return E.left(
      unavailable(site, {
        what: `the host of ${maskUrl(url)} cannot be resolved`,
        hint: 'Check the URL and the network',
      }),
    )
  }
}

/**
 * Requests a URL and follows up to five redirects: never from https to http, never to an address nearer to this machine than the server
 * that redirects, and only to addresses that were checked. It sends no cookies, no credentials and no referrer.
 */
export const follow = async (start: URL, following: Following): Promise<E.Either<ImageError, Arrival>> => {
  const { client, site, pin, headers, signal, accepts } = following
  let [url, from, bound]: [URL, URL | null, Scope | null] = [start, null, following.nearest]
  let firstScope: Scope | null = null
  for (let redirects = 0; ; redirects += 1) {
    const found = await resolveHost(url, following)
    if (E.isLeft(found)) return found
    if (bound !== null && nearness(found.right.nearest) > nearness(bound))
      return E.left(tooNearError(url, found.right, from, site))
    firstScope ??= found.right.farthest
    pin(found.right)
    const result = await client({
      method: 'GET',
      url: url.href,
      headers: { accept: '*/*', ...headers },
      responseKind: 'stream',
      signal,
    })()
    if (E.isLeft(result)) return E.left(toImageErrorFromFailure(result.left, site))
    const response = result.right
    const location = response.headers.get('location')
    if (!REDIRECTS.has(response.status) || location === null) {
      return response.kind === 'stream' || accepts(response.status)
        ? E.right({ url, response, firstScope, scope: found.right.farthest })
        : E.left(toError(response, url, site))
    }
    if (redirects === MAX_REDIRECTS)
      return E.left(
        rejected(site, {
          what: `${maskUrl(start)} redirects more than ${MAX_REDIRECTS} times`,
          hint: 'Use the final URL',
        }),
      )
    const next = parseUrl(location, url, site)
    if (E.isLeft(next)) return next
    if (url.protocol === 'https:' && next.right.protocol === 'http:')
      return E.left(
        rejected(site, {
          what: `${maskUrl(url)} redirects from https to http, to ${maskUrl(next.right)}, which was not followed`,
          hint: 'Use a URL whose redirects all stay with https',
        }),
      )
    from = url
    url = next.right
    bound = found.right.farthest
  }
}

/** Discards a response without reading its body. */
export const dismiss = (response: HttpResponse): void => {
  if (response.kind === 'stream') response.close()
}
