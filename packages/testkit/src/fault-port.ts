/** What goes wrong at the far end: at the server that a source asks, not in the source. */
export type FarFault =
  /** The server refuses or fails: 401, 403, 404, 429, 500, 502, 503. `retryAfterS`: it sends `Retry-After` with so many seconds; absent: it does not. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterS?: number }
  /** The connection breaks in the middle of a response. */
  | { readonly kind: 'cut' }
  /** A response of success, complete as HTTP, whose body ends in the middle of its JSON. */
  | { readonly kind: 'garbled' }
  /** The right response, after so many milliseconds. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** The request is taken, and nothing is done or answered, ever. */
  | { readonly kind: 'silent' }
  /** In each list of images: besides its records, one that cannot be read (without an id), and one that has an unknown key. */
  | { readonly kind: 'odd-records' }

/**
 * The far end of a source, made to fail: what lets the suite try how an adapter answers to 401, to a broken connection and so on, without knowing the provider.
 * `createFaultProxy` is one for every HTTP API; `faultsOfSimulator` is that of the simulators, `createMemoryFaults` that of a cloud in memory.
 */
export interface FaultPort {
  /** From now on each request meets this fault; `null`: none does. */
  readonly set: (fault: FarFault | null) => void | Promise<void>
  /** How many requests have come so far, whatever became of them. */
  readonly requests: () => number | Promise<number>
}
