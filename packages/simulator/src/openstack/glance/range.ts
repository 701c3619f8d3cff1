import { refuse, breakdown } from './refusal.ts'

export interface ByteRange {
  readonly start: number
  /** The offset after the last byte. */
  readonly end: number
}

const unavailable = (detail: string) => refuse(416, 'The Range requested is not available.', detail)

const outside = (header: string, size: number) =>
  unavailable(
    `Invalid start position in ${header} header. Start position MUST be in the inclusive range [0, ${size - 1}].`,
  )

/** Null: no range requested. Glance serves a single range; WebOb parses it, and accepts spaces and any case. */
export const parseRange = (header: string | undefined, size: number): ByteRange | null => {
  if (header === undefined) return null
  if (header.includes(','))
    throw refuse(
      400,
      'Requests with multiple ranges are not supported in Glance. You may make multiple single-range requests instead.',
    )
  const found = /^bytes\s*=\s*(?:(\d+)\s*)?-\s*(\d*)$/i.exec(header.trim())
  if (found === null) throw unavailable('Invalid Range header.')
  const [, first = '', last = ''] = found
  if (first === '' && last === '') throw breakdown()
  // In Python, `-0` equals 0: the whole data.
  if (first === '') return { start: Number(last) === 0 ? 0 : Math.max(0, size - Number(last)), end: size }
  const start = Number(first)
  if (last !== '' && Number(last) < start) throw unavailable('Invalid Range header.')
  if (start >= size) throw outside('Range', size)
  return { start, end: last === '' ? size : Math.min(size, Number(last) + 1) }
}

/** Parses the header of old clients: `Content-Range: bytes 2-9/1200`. Its length may differ from the image's. */
export const parseContentRange = (header: string | undefined, size: number): ByteRange | null => {
  if (header === undefined || header === '') return null
  const [, first = '', last = '', length = ''] = /^bytes\s+(?:(\d+)-(\d+)|\*)\/(\d+|\*)$/.exec(header.trim()) ?? []
  if (length === '') throw unavailable('Invalid Content-Range header.')
  if (first === '') throw breakdown()
  const start = Number(first)
  const end = Number(last) + 1
  if (end <= start || (length !== '*' && end > Number(length))) throw unavailable('Invalid Content-Range header.')
  if (length === '*' && end > size)
    throw unavailable(
      `Invalid stop position in Content-Range header. The stop position MUST be in the inclusive range [0, ${size - 1}].`,
    )
  if (start >= size) throw outside('Content-Range', size)
  return { start, end: Math.min(size, end) }
}
