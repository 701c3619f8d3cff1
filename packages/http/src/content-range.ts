import type { HttpHeaders } from './headers.ts'

/** The bytes in a response: from `start` (inclusive) to `end` (exclusive) of `total` (`null`: unknown). */
export interface ContentRange {
  readonly start: number
  readonly end: number
  readonly total: number | null
}

const RANGE = /^\s*bytes\s+(?:(\d{1,15})-(\d{1,15})|\*)\/(\d{1,15}|\*)\s*$/i

const matchRange = (headers: HttpHeaders): readonly (string | undefined)[] =>
  RANGE.exec(headers.get('content-range') ?? '') ?? []

const toTotal = (text: string | undefined): number | null => (text === undefined || text === '*' ? null : Number(text))

/** Parses the `Content-Range` of a 206 response; `null` if absent or invalid. RFC 9110, 14.4. */
export const parseContentRange = (headers: HttpHeaders): ContentRange | null => {
  const [, first, last, total] = matchRange(headers)
  if (first === undefined || last === undefined || Number(last) < Number(first)) return null
  return { start: Number(first), end: Number(last) + 1, total: toTotal(total) }
}

/** Parses the total size in the `Content-Range` of a 206 or 416 response, in bytes; `null` if absent, invalid or unknown. */
export const parseTotalSize = (headers: HttpHeaders): number | null => toTotal(matchRange(headers)[3])

/** Parses the `Content-Length`, in bytes; `null` if absent or invalid. */
export const parseContentLength = (headers: HttpHeaders): number | null => {
  const text = headers.get('content-length')?.trim()
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null
}
