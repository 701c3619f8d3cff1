/** The headers of an answer. */
export interface HttpHeaders {
  /** By name in any case; several lines of one header are joined by `, `. `null`: not sent. */
  readonly get: (name: string) => string | null
  /** Names are in lower case. */
  readonly entries: () => IterableIterator<[name: string, value: string]>
}

/** Headers from names and values as Node gives them. */
export const toHeaders = (pairs: Iterable<readonly [string, unknown]>): HttpHeaders => {
  const byName = new Map<string, string>()
  for (const [name, value] of pairs) {
    if (typeof value === 'string') byName.set(name.toLowerCase(), value)
    else if (Array.isArray(value)) byName.set(name.toLowerCase(), value.join(', '))
  }
  return { get: (name) => byName.get(name.toLowerCase()) ?? null, entries: () => byName.entries() }
}

/** Under these names providers say which request it was: Glance and Keystone, Nova, Hetzner, others. */
const REQUEST_ID_HEADERS = [
  'x-openstack-request-id',
  'x-compute-request-id',
  'x-correlation-id',
  'x-request-id',
] as const

/** The provider's own name for the request, to ask it about; `null` where it gives none. */
export const findRequestId = (headers: HttpHeaders): string | null => {
  for (const name of REQUEST_ID_HEADERS) {
    const id = headers.get(name)
    if (id !== null && id !== '') return id
  }
  return null
}

/**
 * How long `Retry-After` asks to wait, in milliseconds from `now`: it is in seconds, or a date. `null`: not sent, or unreadable.
 * A date is compared with the server's own `Date`, where there is one: clocks differ.
 */
export const parseRetryAfter = (headers: HttpHeaders, now: number): number | null => {
  const text = headers.get('retry-after')?.trim() ?? ''
  if (/^\d{1,10}$/.test(text)) return Number(text) * 1000
  const then = Date.parse(text)
  return Number.isNaN(then) || text === '' ? null : Math.max(0, then - readServerTime(headers, now))
}

/** What the server took for now, in milliseconds since the epoch; `now`, if it did not say. */
export const readServerTime = (headers: HttpHeaders, now: number): number => {
  const date = Date.parse(headers.get('date') ?? '')
  return Number.isNaN(date) ? now : date
}
