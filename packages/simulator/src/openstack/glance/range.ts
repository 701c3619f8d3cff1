import { refuse } from './refusal.ts'

export interface ByteRange {
  readonly start: number
  /** The byte after the last. */
  readonly end: number
}

/** Null: no range was asked for. Glance serves one range, or none. */
export const parseRange = (header: string | undefined, size: number): ByteRange | null => {
  if (header === undefined) return null
  if (header.includes(',')) throw refuse(400, 'Requests with multiple ranges are not supported in Glance. You may make multiple single-range requests instead.')
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header.trim()) ?? []
  const unavailable = (detail: string) => refuse(416, 'The Range requested is not available.', detail)
  if (first === '' && last === '') throw unavailable(`Invalid range header: ${header}`)
  if (first === '') return { start: Math.max(0, size - Number(last)), end: size }
  const start = Number(first)
  if (start >= size) throw unavailable(`Invalid start position in Range header. Start position MUST be in the inclusive range [0, ${size - 1}].`)
  if (last !== '' && Number(last) < start) throw unavailable('Invalid position in Range header. The start MUST be before the end.')
  return { start, end: last === '' ? size : Math.min(size, Number(last) + 1) }
}
