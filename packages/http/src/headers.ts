/** The headers of a response. */
export interface HttpHeaders {
  /** By name, ignoring case. Repeated headers are joined by `, `. `null`: not sent. */
  readonly get: (name: string) => string | null
  /** Names are in lower case. */
  readonly entries: () => IterableIterator<[name: string, value: string]>
}

/** Converts Node's names and values of headers. */
export const toHeaders = (pairs: Iterable<readonly [string, unknown]>): HttpHeaders => {
  const byName = new Map<string, string>()
  for (const [name, value] of pairs) {
    if (typeof value === 'string') byName.set(name.toLowerCase(), value)
    else if (Array.isArray(value)) byName.set(name.toLowerCase(), value.join(', '))
  }
  return { get: (name) => byName.get(name.toLowerCase()) ?? null, entries: () => byName.entries() }
}

/** Headers with the ID of the request: of Glance and Keystone, Nova, Hetzner, others. */
const REQUEST_ID_HEADERS = [
  'x-openstack-request-id',
  'x-compute-request-id',
  'x-correlation-id',
  'x-request-id',
] as const

/** The provider's ID of the request; `null`: none. */
export const findRequestId = (headers: HttpHeaders): string | null => {
  for (const name of REQUEST_ID_HEADERS) {
    const id = headers.get(name)
    if (id !== null && id !== '') return id
  }
  return null
}

/**
 * Parses `Retry-After`, which is in seconds or a date. Returns milliseconds from `now`; `null`: not sent, or invalid.
 * A date is compared with the server's `Date`, because clocks differ.
 */
export const parseRetryAfter = (headers: HttpHeaders, now: number): number | null => {
  const text = headers.get('retry-after')?.trim() ?? ''
  if (/^\d{1,10}$/.test(text)) return Number(text) * 1000
  const then = Date.parse(text)
  return Number.isNaN(then) || text === '' ? null : Math.max(0, then - readServerTime(headers, now))
}

/** The server's time, in milliseconds since the epoch. Default: `now`. */
export const readServerTime = (headers: HttpHeaders, now: number): number => {
  const date = Date.parse(headers.get('date') ?? '')
  return Number.isNaN(date) ? now : date
}
