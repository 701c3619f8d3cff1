/** The range of a response: bytes from `start` (inclusive) to `end` (exclusive) of `total` (`null`: unknown). */
export interface ContentRange {
  readonly start: number
  readonly end: number
  readonly total: number | null
}

/** Parses a length in bytes; `null` if absent or not a number. */
export const parseLength = (text: string | null): number | null =>
  text !== null && /^\d{1,15}$/.test(text.trim()) ? Number(text) : null

/** Parses the `Content-Range` of a 206 response; `null` if absent or invalid. RFC 9110, 14.4. */
export const readContentRange = (text: string | null): ContentRange | null => {
  const [, first, last, total] = /^\s*bytes\s+(\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)\s*$/i.exec(text ?? '') ?? []
  if (first === undefined || last === undefined || Number(last) < Number(first)) return null
  return {
    start: Number(first),
    end: Number(last) + 1,
    total: total === '*' || total === undefined ? null : Number(total),
  }
}
