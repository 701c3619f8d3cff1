import { conflict, forbidden, notFound, rateLimited, rejected, unauthorized, unavailable, type AbortSignalLike, type ErrorSite, type ImageError } from '@imago/core'
import { proxyFor, requestIdOf, retryAfterOf, toImageErrorFromFailure, type HttpClient, type HttpResponse, type ProxyOptions } from '@imago/http'
import * as E from 'fp-ts/lib/Either.js'
import { nearness, type Scope } from './address.ts'
import { maskUrl } from './mask-url.ts'
import { findHost, type FoundHost, type Network } from './network.ts'

/** As many redirects as are followed. */
export const MOST_REDIRECTS = 5

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** A URL that may be asked. */
export const parseUrl = (text: string, base: URL | undefined, site: ErrorSite): E.Either<ImageError, URL> => {
  if (!URL.canParse(text, base?.href)) return E.left(rejected(site, { what: base === undefined ? 'this is no URL' : `${maskUrl(base)} redirects to something that is no URL`, hint: 'Give an http or https URL' }))
  const url = new URL(text, base?.href)
  const whose = base === undefined ? 'the URL' : `${maskUrl(base)} redirects to a URL that`
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return E.left(rejected(site, { what: `${whose} is of the scheme ${url.protocol} and not http or https`, hint: 'Give an http or https URL' }))
  if (url.username !== '' || url.password !== '') return E.left(rejected(site, { what: `${whose} holds a user or password, and URLs are read without credentials`, hint: 'Fetch the file by other means, and give its path' }))
  url.hash = ''
  return E.right(url)
}

/** What the answer to a request says that is no use. */
const refusalOf = (response: HttpResponse, url: URL, site: ErrorSite): ImageError => {
  const { status, headers } = response
  const traced: ErrorSite = { ...site, request: { method: 'GET', path: url.pathname, status, requestId: requestIdOf(headers) } }
  const at = maskUrl(url)
  if (status === 404 || status === 410) return notFound(traced, { what: `there is nothing at ${at}`, hint: 'Check the URL' })
  if (status === 401) return unauthorized(traced, { what: `${at} wants credentials, and URLs are read without`, hint: 'Fetch the file by other means, and give its path' })
  if (status === 403) return forbidden(traced, { what: `${at} may not be read`, reason: 'HTTP 403', hint: 'If the URL is a signed one, it may have run out: get a new one' })
  if (status === 429) return rateLimited(traced, { what: `${at} was asked too often`, retryAfterMs: retryAfterOf(headers, Date.now()) })
  if (status === 412 || status === 416) return conflict(traced, { what: `what is at ${at} has changed`, hint: 'Make a new plan', remedy: 'new-plan' })
  if (status >= 500 || status === 408) return unavailable(traced, { what: `the server of ${at} failed` })
  return rejected(traced, { what: `${at} gives no bytes`, hint: 'Check the URL' })
}

export interface Following {
  readonly client: HttpClient
  readonly network: Network
  readonly proxy: ProxyOptions | null
  readonly site: ErrorSite
  /** Told of each host before it is connected to. */
  readonly pin: (host: FoundHost) => void
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignalLike | undefined
  /** How near the first host may be; `null`: as near as it likes, since it was asked for by its user. */
  readonly nearest: Scope | null
  /** Answers that are no stream, and yet of use. */
  readonly accepts: (status: number) => boolean
}

export interface Arrival {
  readonly url: URL
  readonly response: HttpResponse
  /** How near the first host is. */
  readonly firstScope: Scope
  /** How near the last host is. */
  readonly scope: Scope
}

const tooNear = (url: URL, found: FoundHost, from: URL | null, site: ErrorSite): ImageError =>
  rejected(site, {
    what: from === null ? `the host of ${maskUrl(url)} has another address now, one that is ${found.nearest}` : `${maskUrl(from)} redirects to ${maskUrl(url)}, whose address is ${found.nearest}`,
    hint: 'It was not asked: do not trust this link',
  })

const seek = async (url: URL, { network, proxy, site }: Following): Promise<E.Either<ImageError, FoundHost>> => {
  try {
    return E.right(await findHost(url.hostname, network))
  } catch {
    // A proxy may know names that this machine does not.
    if (proxy !== null && proxyFor(url, proxy) !== null) return E.right({ name: url.hostname, addresses: [], nearest: 'public', farthest: 'public' })
    return E.left(unavailable(site, { what: `the host of ${maskUrl(url)} has no address`, hint: 'Check the URL and the network' }))
  }
}

/**
 * Asks a URL, and those it redirects to: at most five times, never from https to http, never nearer to this machine than the server
 * that redirects, and only at addresses that were looked at before. No cookies, no credentials, no referrer.
 */
export const follow = async (start: URL, following: Following): Promise<E.Either<ImageError, Arrival>> => {
  const { client, site, pin, headers, signal, accepts } = following
  let [url, from, bound]: [URL, URL | null, Scope | null] = [start, null, following.nearest]
  let firstScope: Scope | null = null
  for (let redirects = 0; ; redirects += 1) {
    const found = await seek(url, following)
    if (E.isLeft(found)) return found
    if (bound !== null && nearness(found.right.nearest) > nearness(bound)) return E.left(tooNear(url, found.right, from, site))
    firstScope ??= found.right.farthest
    pin(found.right)
    const answer = await client({ method: 'GET', url: url.href, headers: { accept: '*/*', ...headers }, responseKind: 'stream', signal })()
    if (E.isLeft(answer)) return E.left(toImageErrorFromFailure(answer.left, site))
    const response = answer.right
    const location = response.headers.get('location')
    if (!REDIRECTS.has(response.status) || location === null) {
      return response.kind === 'stream' || accepts(response.status) ? E.right({ url, response, firstScope, scope: found.right.farthest }) : E.left(refusalOf(response, url, site))
    }
    if (redirects === MOST_REDIRECTS) return E.left(rejected(site, { what: `${maskUrl(start)} redirects more than ${MOST_REDIRECTS} times`, hint: 'Give the URL it ends at' }))
    const next = parseUrl(location, url, site)
    if (E.isLeft(next)) return next
    if (url.protocol === 'https:' && next.right.protocol === 'http:') return E.left(rejected(site, { what: `${maskUrl(url)} redirects from https to http, to ${maskUrl(next.right)}`, hint: 'It was not asked: give a URL that stays with https' }))
    from = url
    url = next.right
    bound = found.right.farthest
  }
}

/** Lets go of an answer whose body is not wanted. */
export const dismiss = (response: HttpResponse): void => {
  if (response.kind === 'stream') response.close()
}
