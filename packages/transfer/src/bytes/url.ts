import {
  aborted,
  conflict,
  ImageException,
  integrityFailed,
  rejected,
  unavailable,
  type Abortable,
  type AbortSignalLike,
  type ImageResult,
  type ByteRange,
  type ByteSource,
  type ErrorSite,
  type ImageError,
} from '@imago/core'
import {
  compose,
  parseContentCodings,
  createTransport,
  imageBytes,
  decodeContent,
  systemTiming,
  timeout,
  userAgent,
  type HttpHeaders,
  type ProxyOptions,
  type Timing,
  type TlsOptions,
} from '@imago/http'
import * as E from 'fp-ts/lib/Either.js'
import { dismiss, follow, parseUrl, type Arrival } from './follow.ts'
import { maskUrl } from './mask-url.ts'
import type { Scope } from './address.ts'
import { toIterable } from './to-iterable.ts'
import { createPinnedLookup, systemNetwork, type FoundHost, type Network } from './network.ts'
import { rangeError, toSpan, type Span } from './range.ts'

/** Options of `urlSource`. */
export interface UrlOptions extends Abortable {
  readonly site: ErrorSite
  readonly tls?: TlsOptions | undefined
  readonly proxy?: ProxyOptions | undefined
  /** The longest time without data from the server, in milliseconds. Default: 60,000. */
  readonly timeoutMs?: number | undefined
  /** Such as `imago/0.1.0`. */
  readonly userAgent?: string | undefined
  readonly timing?: Pick<Timing, 'clock' | 'sleep'> | undefined
  /** Name resolution and classification of addresses. Default: the system's resolver. */
  readonly network?: Network | undefined
}

/** The bytes of a URL, and what the server sent about them. */
export interface UrlBytes {
  readonly bytes: ByteSource
  /** The URL after redirects, with its query masked, which may be a signature. */
  readonly finalUrl: string
  readonly etag: string | null
  /** The `Last-Modified` header; `null`: none. */
  readonly lastModified: string | null
  /** The `Content-Type` header; `null`: none. */
  readonly contentType: string | null
  /** Whether the server supports ranges. Otherwise everything before a range is read as well. */
  readonly ranges: boolean
}

/** Identifies a version of the file. */
interface Version {
  readonly size: number | null
  readonly etag: string | null
  readonly modified: string | null
  /** Content codings in the headers, except that of the file itself. */
  readonly codings: readonly string[]
  /** Whether the bytes have these codings, although none was requested. `size` is unknown then. */
  readonly isCoded: boolean
}

type SentVersion = Omit<Version, 'codings' | 'isCoded'>

interface Session {
  readonly ask: (
    url: URL,
    headers: Readonly<Record<string, string>>,
    nearest: Scope | null,
    signal: AbortSignalLike | undefined,
    accepts: (status: number) => boolean,
  ) => Promise<E.Either<ImageError, Arrival>>
  readonly close: () => void
}

/** Creates a session for one request with its redirects. Connections are not kept. */
const createSession = ({
  site,
  tls,
  proxy,
  timeoutMs = 60_000,
  userAgent: name = 'imago',
  timing = systemTiming,
  network = systemNetwork,
}: UrlOptions): Session => {
  const hosts = new Map<string, FoundHost>()
  const { client, close } = createTransport({ tls, proxy, lookup: createPinnedLookup((host) => hosts.get(host)) })
  const asking = compose(userAgent({ userAgent: name }), timeout({ timeoutMs, ...timing }))(client)
  return {
    ask: (url, headers, nearest, signal, accepts) =>
      follow(url, {
        client: asking,
        network,
        proxy: proxy ?? null,
        site,
        pin: (host) => void hosts.set(host.name, host),
        headers,
        signal,
        nearest,
        accepts,
      }),
    close,
  }
}

interface ContentRange {
  /** `null`: the range cannot be satisfied. */
  readonly start: number | null
  /** In bytes. */
  readonly length: number | null
  readonly total: number | null
}

const parseContentRange = (headers: HttpHeaders): ContentRange | null => {
  const [, start, last, total] =
    /^bytes\s+(?:(\d+)-(\d+)|\*)\/(\d+|\*)$/i.exec(headers.get('content-range')?.trim() ?? '') ?? []
  if (total === undefined) return null
  return {
    start: start === undefined ? null : Number(start),
    length: start === undefined ? null : Number(last) - Number(start) + 1,
    total: total === '*' ? null : Number(total),
  }
}

const parseContentLength = (headers: HttpHeaders): number | null => {
  const text = headers.get('content-length')
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null
}

/** Suffixes and media types of compressed files. Many servers also send `Content-Encoding: gzip` for such a file (see wget(1)). */
const COMPRESSED_FILES: Readonly<Record<string, { readonly name: RegExp; readonly type: RegExp }>> = {
  gzip: { name: /\.(?:t?gz|gzip)$/i, type: /^application\/(?:x-)?(?:gzip|tgz|gtar-compressed|compressed-tar)\b/i },
  zstd: { name: /\.(?:t?zst|zstd)$/i, type: /^application\/(?:x-)?zstd\b/i },
  br: { name: /\.br$/i, type: /^application\/(?:x-)?br(?:otli)?\b/i },
}

/** The content codings of a response, except that of a compressed file. */
const foreignCodings = ({ url, response: { headers } }: Arrival): readonly string[] => {
  const codings = parseContentCodings(headers).map((coding) => coding.replace(/^x-/, ''))
  const own = COMPRESSED_FILES[codings[0] ?? '']
  const isOwn =
    own !== undefined && (own.name.test(url.pathname) || own.type.test(headers.get('content-type')?.trim() ?? ''))
  return isOwn ? codings.slice(1) : codings
}

/** The version of the sent bytes. If they are compressed, their size is not that of the file. */
const toVersion = ({ response: { status, headers } }: Arrival): SentVersion => ({
  size: status === 200 ? parseContentLength(headers) : (parseContentRange(headers)?.total ?? null),
  etag: headers.get('etag'),
  modified: headers.get('last-modified'),
})

/** Whether both values are known and differ. */
const differs = <A>(one: A | null, other: A | null): boolean => one !== null && other !== null && one !== other

/** An ETag without its weak prefix and the suffixes of compressing servers: `"abc-gzip"` (Apache), `"abc--gzip"` (Jetty), `"abc;gzip"`. */
const bareEtag = (etag: string | null): string | null =>
  etag?.replace(/^W\//, '').replace(/(?:--?|;)(?:gzip|deflate|br|zstd)(?="?$)/, '') ?? null

/** Whether the file has changed. Dates count only without ETags, because they differ between mirrors of the same bytes. */
const isOther = (first: Version, now: SentVersion): boolean =>
  differs(first.size, now.size) ||
  (first.etag !== null && now.etag !== null
    ? differs(bareEtag(first.etag), bareEtag(now.etag))
    : differs(first.modified, now.modified))

/** A strong ETag; only these guarantee the same bytes (RFC 9110, 13.1.5). */
const strong = (etag: string | null): string | null => (etag === null || etag.startsWith('W/') ? null : etag)

const rangeHeaders = ({ start, end }: Span, { etag, size, isCoded }: Version): Readonly<Record<string, string>> => {
  // A range would apply to the compressed bytes.
  if (isCoded) return {}
  if (start === 0 && (end === null || end === size)) return {}
  const condition = strong(etag)
  return {
    range: `bytes=${start}-${end === null ? '' : end - 1}`,
    ...(condition === null ? {} : { 'if-range': condition }),
  }
}

/** The bytes of `span` in a response that starts with byte `at`. */
const cut = (
  bytes: AsyncIterable<Uint8Array>,
  at: number,
  { start, end }: Span,
  size: number | null,
  where: string,
  site: ErrorSite,
  close: () => void,
): AsyncIterable<Uint8Array> => {
  const inner = bytes[Symbol.asyncIterator]()
  let position = at
  /** The error for an early end. A request from that position may return the rest. */
  const endedEarly = (how: string): ImageException =>
    new ImageException(
      unavailable(site, {
        what: `${where} ended after ${position} ${size === null ? 'bytes, before its end' : `of ${size} bytes`}${how}`,
        hint: 'Try again; if it ends there again, the file there or its server is damaged',
        truncated: { received: position, expected: size },
      }),
    )
  const wrongSize = (what: string): ImageException =>
    new ImageException(integrityFailed(site, { what, expected: `${size} bytes`, actual: `${position} bytes` }))
  const isAll = (): boolean => end !== null && position >= end
  const next = async (): Promise<Uint8Array | null> => {
    // At the end of the file, the response is read to its own end, because surplus bytes may arrive in a separate chunk.
    while (!isAll() || end === size) {
      const result = await inner.next().catch((thrown: unknown): IteratorReturnResult<undefined> => {
        if (isAll()) return { done: true, value: undefined }
        const error = ImageException.is(thrown) ? thrown.error : null
        throw error?._tag === 'Unavailable' && error.truncated !== undefined
          ? endedEarly(': the connection broke')
          : thrown
      })
      if (result.done === true) {
        if (isAll()) return null
        if (size !== null) throw endedEarly('')
        if (position < start) throw new ImageException(rangeError(site, { start, end }, position))
        return null
      }
      const chunk = result.value
      const wanted = chunk.subarray(
        Math.max(0, start - position),
        end === null ? undefined : Math.max(0, end - position),
      )
      position += chunk.length
      if (size !== null && position > size) throw wrongSize(`${where} sent more bytes than announced`)
      if (wanted.length > 0) return wanted
    }
    return null
  }
  return toIterable({
    next,
    close: async () => {
      try {
        await inner.return?.()
      } finally {
        close()
      }
    },
  })
}

/** Errors that may concern only the redirect target, such as a removed mirror or an expired link. */
const isGone = (error: ImageError): boolean =>
  error._tag === 'NotFound' || error._tag === 'Forbidden' || error._tag === 'Unauthorized' || error._tag === 'Rejected'

interface Known {
  readonly start: URL
  readonly arrival: Arrival
  readonly version: Version
}

/**
 * Whether a response may be compressed although the first one was not. It is not if its length is that of the file, or if its codings are those of the first
 * response, which were wrong.
 */
const isNewlyCoded = (version: Version, answer: Arrival): boolean => {
  const codings = foreignCodings(answer)
  if (version.isCoded || codings.length === 0 || codings.join() === version.codings.join()) return false
  const { status, headers } = answer.response
  const length = parseContentLength(headers)
  if (version.size === null || length === null) return true
  const range = status === 206 ? parseContentRange(headers) : null
  return range === null ? length !== version.size : range.total !== version.size || range.length !== length
}

const openUrl = async (
  { start, arrival, version }: Known,
  range: ByteRange | undefined,
  options: UrlOptions,
): Promise<E.Either<ImageError, AsyncIterable<Uint8Array>>> => {
  const { site, signal } = options
  if (signal?.aborted === true) return E.left(aborted(site))
  const spanned = toSpan(range, version.size, site)
  if (E.isLeft(spanned)) return spanned
  const span = spanned.right
  if (span.start === span.end) return E.right(toIterable({ next: async () => null, close: async () => undefined }))
  const session = createSession(options)
  const fail = (error: ImageError): E.Either<ImageError, never> => {
    session.close()
    return E.left(error)
  }
  const ask = async (headers: Readonly<Record<string, string>>): Promise<E.Either<ImageError, Arrival>> => {
    const answer = await session.ask(arrival.url, headers, arrival.scope, signal, () => false)
    return E.isLeft(answer) && isGone(answer.left) && arrival.url.href !== start.href
      ? session.ask(start, headers, arrival.firstScope, signal, () => false)
      : answer
  }
  let answer = await ask(rangeHeaders(span, version))
  if (E.isRight(answer) && answer.right.response.status === 206 && isNewlyCoded(version, answer.right)) {
    // A part of the compressed file cannot be distinguished from a separately compressed part.
    dismiss(answer.right.response)
    answer = await ask({})
  }
  if (E.isLeft(answer)) return fail(answer.left)
  const { response, url } = answer.right
  if (response.kind !== 'stream') return fail(rejected(site, { what: `${maskUrl(url)} does not return the file` }))
  const refuse = (error: ImageError): E.Either<ImageError, never> => {
    dismiss(response)
    return fail(error)
  }
  const mayBeCoded = version.isCoded || isNewlyCoded(version, answer.right)
  const sent = toVersion(answer.right)
  if (isOther(version, mayBeCoded ? { ...sent, size: null } : sent))
    return refuse(
      conflict(site, {
        what: `the file at ${maskUrl(url)} has changed since it was first requested`,
        hint: 'Make a new plan',
        remedy: 'new-plan',
      }),
    )
  const at =
    response.status === 206 ? (parseContentRange(response.headers)?.start ?? null) : response.status === 200 ? 0 : null
  if (at === null || at > span.start)
    return refuse(
      rejected(site, {
        what: `${maskUrl(url)} returns another range than requested (HTTP ${response.status})`,
        hint: 'Download the file by other means, and use its path',
      }),
    )
  try {
    const bytes = mayBeCoded
      ? (await decodeContent(imageBytes(response.bytes, site), foreignCodings(answer.right), site)).bytes
      : imageBytes(response.bytes, site)
    return E.right(cut(bytes, at, span, version.size, maskUrl(url), site, session.close))
  } catch (thrown) {
    if (!ImageException.is(thrown)) throw thrown
    return refuse(thrown.error)
  }
}

/** In bytes: enough to detect a coding. */
const HEAD_BYTES = 4096

/** Whether the bytes have the codings in the headers. Decodes their beginning to find out. */
const isCodedThere = async (
  { ask }: Session,
  { url, scope }: Arrival,
  { signal, site }: UrlOptions,
): Promise<E.Either<ImageError, boolean>> => {
  const answer = await ask(url, { range: `bytes=0-${HEAD_BYTES - 1}` }, scope, signal, (status) => status === 416)
  if (E.isLeft(answer)) return answer
  const { response } = answer.right
  if (response.kind !== 'stream') return E.right(false)
  try {
    const { bytes, decoded } = await decodeContent(imageBytes(response.bytes, site), foreignCodings(answer.right), site)
    await bytes[Symbol.asyncIterator]().return?.()
    return E.right(decoded.length > 0)
  } catch (thrown) {
    if (!ImageException.is(thrown)) throw thrown
    return E.left(thrown.error)
  } finally {
    dismiss(response)
  }
}

/** Requests the first byte, whose response describes the file. */
const look = async (start: URL, options: UrlOptions): Promise<E.Either<ImageError, Known>> => {
  const session = createSession(options)
  try {
    const arrived = await session.ask(start, { range: 'bytes=0-0' }, null, options.signal, (status) => status === 416)
    if (E.isLeft(arrived)) return arrived
    const arrival = arrived.right
    dismiss(arrival.response)
    const { status } = arrival.response
    if (status !== 200 && status !== 206 && status !== 416)
      return E.left(
        rejected(options.site, {
          what: `${maskUrl(arrival.url)} does not return the file (HTTP ${status})`,
          hint: 'Check the URL',
        }),
      )
    const codings = foreignCodings(arrival)
    const isCoded = codings.length === 0 ? E.right(false) : await isCodedThere(session, arrival, options)
    if (E.isLeft(isCoded)) return isCoded
    const sent = toVersion(arrival)
    return E.right({
      start,
      arrival,
      version: { ...sent, codings, isCoded: isCoded.right, size: isCoded.right ? null : sent.size },
    })
  } finally {
    session.close()
  }
}

/**
 * The bytes of an http or https URL, requested without credentials.
 *
 * - Follows at most five redirects, never from https to http, and never to an address nearer to this machine (private, link-local, loopback) than the
 *   redirecting server. Each request resolves a name once, checks its addresses, and connects only to these. A proxy resolves names itself; the addresses that
 *   this machine finds are checked anyway.
 * - Requests each range from the final URL. If that fails, follows the first URL again.
 * - `Conflict`: ETag, date or size have changed. `Unavailable`: the bytes end early; the error contains their number. `IntegrityFailed`: more bytes than
 *   announced.
 * - If a server ignores ranges, reads from the beginning and skips the rest.
 * - Never requests a `Content-Encoding`. If the bytes have one, decodes it, and does not use ranges. The compression of a compressed file, by its name or type,
 *   is left as it is.
 */
export const urlSource =
  (url: string, options: UrlOptions): ImageResult<UrlBytes> =>
  async () => {
    const { site, signal } = options
    if (signal?.aborted === true) return E.left(aborted(site))
    const start = parseUrl(url, undefined, site)
    if (E.isLeft(start)) return start
    const known = await look(start.right, options)
    if (E.isLeft(known)) return known
    const { arrival, version } = known.right
    return E.right({
      bytes: {
        size: version.size,
        open: (range, openSignal) => () => openUrl(known.right, range, { ...options, signal: openSignal }),
      },
      finalUrl: maskUrl(arrival.url),
      etag: version.etag,
      lastModified: version.modified,
      contentType: arrival.response.headers.get('content-type'),
      ranges: arrival.response.status === 206 && !version.isCoded,
    })
  }
