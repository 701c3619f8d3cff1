/**
 * A fault, by `kind`.
 * Instead of a response: `status` (in the provider's own format unless a body is given), `html` (a gateway's page), `redirect`, `reset` with `atByte`
 * 0 (no response), `silence` (the request is received, but never processed or answered).
 * In the bytes of a response: `latency` before it, `slow`, `stall` (nothing follows `atByte` bytes of the body), `reset` (the connection breaks after
 * `atByte` bytes of the body), `truncate` (a complete HTTP message with a truncated body), `oversize` (the body is padded with spaces to `bytes`),
 * `content-type` (the correct body with a wrong type).
 * In the content of a list: `loop` (the next page is this page), `duplicate` (the first record of the first page is repeated on each later page),
 * `odd-records` (unknown values, unknown keys, wrong types, a record without ID), `terminal-escapes` (in every name and description), `foreign-link`
 * (links lead to another origin).
 * In the bytes of a request: `gateway` (a gateway responds with its page instead of the server: after `atByte` bytes of the body, and the server
 * receives no more, with 0 none at all; without `atByte` after the whole body, and the server continues), `cut` (likewise, but the connection breaks
 * instead of a response).
 * `saving`: Glance writes an upload for this long before the image is active or, if it `fails`, queued again.
 * `host-key`: this SSH connection has a different host key.
 * `expire-token`: all tokens issued so far expire.
 */
export type Fault =
  | { readonly kind: 'latency'; readonly ms: number }
  | { readonly kind: 'reset'; readonly atByte: number }
  | { readonly kind: 'stall'; readonly atByte: number }
  | { readonly kind: 'slow'; readonly bytesPerSecond: number }
  | { readonly kind: 'truncate'; readonly atByte: number }
  | { readonly kind: 'oversize'; readonly bytes: number }
  | { readonly kind: 'content-type'; readonly value: string }
  | {
      readonly kind: 'status'
      readonly status: number
      readonly body?: string
      readonly headers?: Readonly<Record<string, string>>
    }
  | { readonly kind: 'html'; readonly status: number }
  | { readonly kind: 'redirect'; readonly location: string; readonly status?: number }
  | { readonly kind: 'gateway'; readonly status: number; readonly atByte?: number }
  | { readonly kind: 'cut'; readonly atByte?: number }
  | { readonly kind: 'saving'; readonly ms: number; readonly fails?: boolean }
  | { readonly kind: 'silence' }
  | { readonly kind: 'expire-token' }
  | { readonly kind: 'host-key' }
  | { readonly kind: 'loop' }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'odd-records' }
  | { readonly kind: 'terminal-escapes' }
  | { readonly kind: 'foreign-link'; readonly origin: string }

/** A fault and the requests that it affects. */
export interface FaultRule {
  /** Default: every HTTP method. `SSH` is a connection to a rescue system; its path is `/servers/ID`. */
  readonly method?: string
  /**
   * Default: every path. A glob for the path (`*`: anything except a slash, `**`: anything) or, if it begins with `^`, the source of a regular
   * expression for path and query.
   */
  readonly path?: string
  /** The number of requests that it affects. Default: all, until it is removed. */
  readonly times?: number
  /** The number of matching requests that it skips first. Default: 0. */
  readonly after?: number
  readonly fault: Fault
}
