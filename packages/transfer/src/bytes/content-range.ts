import type { HttpHeaders } from '@imago/http'

interface ContentRange {
  /** `null`: the range cannot be satisfied. */
  readonly start: number | null
  /** In bytes. */
  readonly length: number | null
  readonly total: number | null
}

export const parseContentRange = (headers: HttpHeaders): ContentRange | null => {
  const [, start, last, total] =
    /^bytes\s+(?:(\d+)-(\d+)|\*)\/(\d+|\*)$/i.exec(headers.get('content-range')?.trim() ?? '') ?? []
  if (total === undefined) return null
  return {
    start: start === undefined ? null : Number(start),
    length: start === undefined ? null : Number(last) - Number(start) + 1,
    total: total === '*' ? null : Number(total),
  }
}

export const parseContentLength = (headers: HttpHeaders): number | null => {
  const text = headers.get('content-length')
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null
}
