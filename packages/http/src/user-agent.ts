import type { Middleware } from './port.ts'

/** Options of `userAgent`. */
export interface UserAgentOptions {
  /** Such as `imago/0.1.0`. */
  readonly userAgent: string
  /** The header for a client-generated request ID, if the provider supports one, such as OpenStack's `X-Openstack-Request-Id`. */
  readonly requestId?: { readonly header: string; readonly next: () => string } | undefined
}

/** Sets the user agent, and one request ID for all attempts of a request, which relates them in the provider's log. */
export const userAgent =
  ({ userAgent, requestId }: UserAgentOptions): Middleware =>
  (next) =>
  (request) =>
  () =>
    next({
      ...request,
      headers: {
        'user-agent': userAgent,
        ...(requestId === undefined ? {} : { [requestId.header.toLowerCase()]: requestId.next() }),
        ...request.headers,
      },
    })()
