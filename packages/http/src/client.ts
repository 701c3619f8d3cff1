import { createMasker, type Masker } from '@imago/core/provider'
import { auth } from './auth.ts'
import type { Credential } from './credential.ts'
import { debugLog } from './debug-log.ts'
import { interceptWrites, type InterceptedRequest } from './intercept-writes.ts'
import { maskResponses } from './mask-responses.ts'
import { noRedirects } from './no-redirects.ts'
import { compose, type HttpClient, type Middleware } from './port.ts'
import { retry, type RetryPolicy } from './retry.ts'
import { sameOrigin, type SameOriginOptions } from './same-origin.ts'
import { timeout, type StalledRequest } from './timeout.ts'
import type { Timing } from './timing.ts'
import type { OnPause } from './request-pause.ts'
import { userAgent, type UserAgentOptions } from './user-agent.ts'

/** Options of `createHttpClient`. */
export interface HttpClientOptions extends SameOriginOptions, UserAgentOptions {
  /** The `client` of a transport. */
  readonly transport: HttpClient
  /** `null`: requests have no credential. */
  readonly credential: Credential | null
  readonly retry: RetryPolicy
  /** A `rateLimit`, shared by all clients with the same limit. */
  readonly rateLimit?: Middleware | undefined
  /** How long to wait for the server, in milliseconds, unless the request sets it. Default: 60,000. */
  readonly timeoutMs?: number | undefined
  /** Called when the server has not responded for 10 s, and again after 20, 40, … s. */
  readonly onStall?: ((silence: StalledRequest) => void) | undefined
  /** Called when a request waits 10 s or more before it is sent again. */
  readonly onPause?: OnPause | undefined
  /** Receives the lines of the debug log. Default: no log. */
  readonly log?: ((line: string) => void) | undefined
  /** A dry run: called with each request that would change something, instead of sending it. */
  readonly intercept?: ((request: InterceptedRequest) => void) | undefined
  /** Masks secrets in errors. Secrets of requests are added to it. Default: a new one. */
  readonly masker?: Masker | undefined
  readonly timing: Timing
}

const TIMEOUT_MS = 60_000

const nothing: Middleware = (next) => next

/** Creates a client for one API of one cloud. The comments explain the order of the middlewares. */
export const createHttpClient = ({
  transport,
  credential,
  log,
  timing,
  timeoutMs = TIMEOUT_MS,
  masker = createMasker(),
  ...options
}: HttpClientOptions): HttpClient =>
  compose(
    // Outermost: the others only see absolute URLs of this cloud.
    sameOrigin(options),
    // Outside the retries: all attempts have the same request ID.
    userAgent(options),
    // Outside the retries and the credential: an intercepted request is not sent, and has no credential.
    options.intercept === undefined ? nothing : interceptWrites(options.intercept),
    // Outside the retries: redirects are not retried.
    noRedirects,
    // Outside everything that each attempt needs: credential, rate limit, log line, timeout.
    retry(options.retry, timing, options.onPause),
    // Outside the rate limit: the request that follows a 401 counts, too.
    credential === null ? nothing : auth(credential),
    // Outside the timeout: waiting for the rate limit is not the server's fault.
    options.rateLimit ?? nothing,
    // Outside the timeout: a timeout is logged as such, not as aborted.
    log === undefined ? nothing : debugLog({ write: (line) => log(masker.maskOwn(line)), clock: timing.clock }),
    // Inside everything that reads responses, and inside the credential, which it masks.
    maskResponses(masker),
    // Innermost: it measures only the server.
    timeout({ ...timing, timeoutMs, onStall: options.onStall }),
  )(transport)
