/** A fault of the server that a source calls, not of the source itself. */
export type ServerFault =
  /** The server refuses or fails: 401, 403, 404, 429, 500, 502, 503. `retryAfterS`: the seconds in `Retry-After`; absent: the header is not sent. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterS?: number }
  /** The connection breaks in the middle of a response. */
  | { readonly kind: 'cut' }
  /** A complete successful response whose JSON body is truncated. */
  | { readonly kind: 'garbled' }
  /** The correct response, after this many milliseconds. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** The request is received, but never processed or answered. */
  | { readonly kind: 'silent' }
  /** Each list of images has two additional records: an unreadable one (without ID), and one with an unknown key. */
  | { readonly kind: 'odd-records' }

/**
 * Controls faults of a source's server, so that the suite can check the reaction to a 401, a broken connection and so on, independently of the
 * provider. `createFaultProxy` works with every HTTP API, `faultsOfSimulator` with the simulators, `createMemoryFaults` with a cloud in memory.
 */
export interface FaultPort {
  /** Applies a fault to all further requests; `null`: none. */
  readonly set: (fault: ServerFault | null) => void | Promise<void>
  /** Returns the number of requests received so far, including failed ones. */
  readonly requests: () => number | Promise<number>
}
