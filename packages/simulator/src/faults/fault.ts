/**
 * What can go wrong, by `kind`.
 * Instead of an answer: `status` (in the provider's own form unless a body is given), `html` (a gateway's page), `redirect`,
 * `reset` with `atByte` 0 (no answer at all), `silence` (the request is taken, nothing is done, and nothing comes).
 * With the answer's bytes: `latency` before it, `slow`, `stall` (after `atByte` bytes of the body nothing comes any more),
 * `reset` (after `atByte` bytes of the body the connection breaks), `truncate` (a whole HTTP message whose body is cut),
 * `oversize` (blanks before the body's end until it has `bytes`), `content-type` (the right body under a wrong name).
 * With what it says, where it is a list: `loop` (the next page is this one), `duplicate` (the first page's first record stands on each later
 * page too), `odd-records` (unknown words, unknown keys, wrong types, one without id), `terminal-escapes` (in every name and description),
 * `foreign-link` (links point at another origin).
 * With the bytes of a request: `gateway` (what stands before the server answers in its place with its page: after `atByte` bytes of the body, of which the
 * server gets no more, with 0 none at all; without `atByte` after all of them, and the server goes on), `cut` (the same, and instead of an answer the connection breaks).
 * `saving`: Glance writes what was uploaded for so long before the image is active, or, if it `fails`, is queued again.
 * `host-key`: this connection of SSH sees another host key.
 * `expire-token`: every token given out so far is worth nothing from now on.
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

/** A fault, and the requests that it strikes. */
export interface FaultRule {
  /** Default: every method of HTTP. `SSH` is a connection to a rescue system, whose path is `/servers/ID`. */
  readonly method?: string
  /**
   * Default: every path. A glob for the path (`*` is anything but a slash, `**` anything), or, when it begins with `^`,
   * the source of a regular expression for path and query.
   */
  readonly path?: string
  /** How many requests it strikes. Default: all, until it is removed. */
  readonly times?: number
  /** How many fitting requests it lets through first. Default: 0. */
  readonly after?: number
  readonly fault: Fault
}
