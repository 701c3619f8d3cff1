import { aborted, ImageException, rejected, type ImageResult, type ByteSource, type ImageError } from '@imago/core'
import { imageBytes, decodeContent } from '@imago/http'
import * as E from 'fp-ts/lib/Either.js'
import { foreignCodings, toVersion } from './file-version.ts'
import { dismiss, parseUrl, type Arrival } from './follow.ts'
import { maskUrl } from './mask-url.ts'
import { type KnownFile, openRange } from './open-range.ts'
import { type UrlOptions, type Session, createSession } from './url-session.ts'

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

/** In bytes: enough to detect a coding. */
const HEAD_BYTES = 4096

/** Whether the bytes have the codings in the headers. Decodes their beginning to find out. */
const checkCoding = async (
  { ask }: Session,
  { url, scope }: Arrival,
  { signal, site }: UrlOptions,
): Promise<E.Either<ImageError, boolean>> => {
  const result = await ask(url, { range: `bytes=0-${HEAD_BYTES - 1}` }, scope, signal, (status) => status === 416)
  if (E.isLeft(result)) return result
  const { response } = result.right
  if (response.kind !== 'stream') return E.right(false)
  try {
    const { bytes, decoded } = await decodeContent(imageBytes(response.bytes, site), foreignCodings(result.right), site)
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
const describeFile = async (start: URL, options: UrlOptions): Promise<E.Either<ImageError, KnownFile>> => {
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
    const isCoded = codings.length === 0 ? E.right(false) : await checkCoding(session, arrival, options)
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
    const known = await describeFile(start.right, options)
    if (E.isLeft(known)) return known
    const { arrival, version } = known.right
    return E.right({
      bytes: {
        size: version.size,
        open: (range, openSignal) => () => openRange(known.right, range, { ...options, signal: openSignal }),
      },
      finalUrl: maskUrl(arrival.url),
      etag: version.etag,
      lastModified: version.modified,
      contentType: arrival.response.headers.get('content-type'),
      ranges: arrival.response.status === 206 && !version.isCoded,
    })
  }
