/** What an answer says that it holds: bytes from `start` up to, not including, `end`, of `total`; `null`: it does not say of how many. */
export interface ContentRange {
  readonly start: number
  readonly end: number
  readonly total: number | null
}

/** A length in bytes as a header says it; `null`: none, or no number. */
export const parseLength = (text: string | null): number | null =>
  text !== null && /^\d{1,15}$/.test(text.trim()) ? Number(text) : null

/** The `Content-Range` of an answer 206; `null`: none, or none that can be read. RFC 9110, 14.4. */
export const readContentRange = (text: string | null): ContentRange | null => {
  const [, first, last, total] = /^\s*bytes\s+(\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)\s*$/i.exec(text ?? '') ?? []
  if (first === undefined || last === undefined || Number(last) < Number(first)) return null
  return {
    start: Number(first),
    end: Number(last) + 1,
    total: total === '*' || total === undefined ? null : Number(total),
  }
}
