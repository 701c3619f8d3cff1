import type { Middleware } from './port.ts'

/** Who asks. */
export interface UserAgentOptions {
  /** As `imago/0.1.0`. */
  readonly userAgent: string
  /** How the provider is told a name for the request, if it listens to one: OpenStack's `X-Openstack-Request-Id`. */
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
