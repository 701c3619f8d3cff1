import { parseContentCodings, parseContentLength, parseContentRange, parseTotalSize } from '@imago/http'
import type { Arrival } from './follow.ts'
import type { Span } from './range.ts'

/** Identifies a version of the file. */
export interface Version {
  readonly size: number | null
  readonly etag: string | null
  readonly modified: string | null
  /** Content codings in the headers, except that of the file itself. */
  readonly codings: readonly string[]
  /** Whether the bytes have these codings, although none was requested. `size` is unknown then. */
  readonly isCoded: boolean
}

type SentVersion = Omit<Version, 'codings' | 'isCoded'>

/** Suffixes and media types of compressed files. Many servers also send `Content-Encoding: gzip` for such a file (see wget(1)). */
const COMPRESSED_FILES: Readonly<Record<string, { readonly name: RegExp; readonly type: RegExp }>> = {
  gzip: { name: /\.(?:t?gz|gzip)$/i, type: /^application\/(?:x-)?(?:gzip|tgz|gtar-compressed|compressed-tar)\b/i },
  zstd: { name: /\.(?:t?zst|zstd)$/i, type: /^application\/(?:x-)?zstd\b/i },
  br: { name: /\.br$/i, type: /^application\/(?:x-)?br(?:otli)?\b/i },
}

/** The content codings of a response, except that of a compressed file. */
export const foreignCodings = ({ url, response: { headers } }: Arrival): readonly string[] => {
  const codings = parseContentCodings(headers).map((coding) => coding.replace(/^x-/, ''))
  const own = COMPRESSED_FILES[codings[0] ?? '']
  const isOwn =
    own !== undefined && (own.name.test(url.pathname) || own.type.test(headers.get('content-type')?.trim() ?? ''))
  return isOwn ? codings.slice(1) : codings
}

/** The version of the sent bytes. If they are compressed, their size is not that of the file. */
export const toVersion = ({ response: { status, headers } }: Arrival): SentVersion => ({
  size: status === 200 ? parseContentLength(headers) : parseTotalSize(headers),
  etag: headers.get('etag'),
  modified: headers.get('last-modified'),
})

/** Whether both values are known and differ. */
const differs = <A>(one: A | null, other: A | null): boolean => one !== null && other !== null && one !== other

/** An ETag without its weak prefix and the suffixes of compressing servers: `"abc-gzip"` (Apache), `"abc--gzip"` (Jetty), `"abc;gzip"`. */
const stripEtag = (etag: string | null): string | null =>
  etag?.replace(/^W\//, '').replace(/(?:--?|;)(?:gzip|deflate|br|zstd)(?="?$)/, '') ?? null

/** Whether the file has changed. Dates count only without ETags, because they differ between mirrors of the same bytes. */
export const hasChanged = (first: Version, now: SentVersion): boolean =>
  differs(first.size, now.size) ||
  (first.etag !== null && now.etag !== null
    ? differs(stripEtag(first.etag), stripEtag(now.etag))
    : differs(first.modified, now.modified))

/** A strong ETag; only these guarantee the same bytes (RFC 9110, 13.1.5). */
const toStrongEtag = (etag: string | null): string | null => (etag === null || etag.startsWith('W/') ? null : etag)

export const rangeHeaders = (
  { start, end }: Span,
  { etag, size, isCoded }: Version,
): Readonly<Record<string, string>> => {
  // A range would apply to the compressed bytes.
  if (isCoded) return {}
  if (start === 0 && (end === null || end === size)) return {}
  const condition = toStrongEtag(etag)
  return {
    range: `bytes=${start}-${end === null ? '' : end - 1}`,
    ...(condition === null ? {} : { 'if-range': condition }),
  }
}

/**
 * Whether a response may be compressed although the first one was not. It is not if its length is that of the file, or if its codings are those of the first
 * response, which were wrong.
 */
export const isNewlyCoded = (version: Version, arrival: Arrival): boolean => {
  const codings = foreignCodings(arrival)
  if (version.isCoded || codings.length === 0 || codings.join() === version.codings.join()) return false
  const { status, headers } = arrival.response
  const length = parseContentLength(headers)
  if (version.size === null || length === null) return true
  const range = status === 206 ? parseContentRange(headers) : null
  return range === null ? length !== version.size : range.total !== version.size || range.end - range.start !== length
}
