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

/** All that a client of one API is made of. */
export interface HttpClientOptions extends SameOriginOptions, UserAgentOptions {
  /** What sends: the `client` of a transport. */
  readonly transport: HttpClient
  /** `null`: requests go without. */
  readonly credential: Credential | null
  readonly retry: RetryPolicy
  /** A `rateLimit`, the same for all clients that share a limit. */
  readonly rateLimit?: Middleware | undefined
  /** How long the server may be silent, unless the request says otherwise; a minute if left out. */
  readonly timeoutMs?: number | undefined
  /** Is called when the server has been silent for 10 s, and again after 20, 40, … s. */
  readonly onStall?: ((silence: StalledRequest) => void) | undefined
  /** Is called when a request begins to wait for 10 s or more before it is tried again. */
  readonly onPause?: OnPause | undefined
  /** Takes the lines of the debug log. Left out: there is none. */
  readonly log?: ((line: string) => void) | undefined
  /** Is given each request that would change something, in place of the server. Left out: they are sent. */
  readonly intercept?: ((request: InterceptedRequest) => void) | undefined
  /** The secrets that no error may repeat. Those that go with requests are made known to it. Left out: one of this client's own. */
  readonly masker?: Masker | undefined
  readonly timing: Timing
}

const TIMEOUT_MS = 60_000

const nothing: Middleware = (next) => next

/** A client for one API of one cloud. The order matters; each line says why it stands where it stands. */
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
    // Outermost: below it there are only absolute URLs of this cloud, so that nothing else needs to ask.
    sameOrigin(options),
    // Outside of the tries: all of them carry one id.
    userAgent(options),
    // Outside of the tries and the credential: what is held is not sent, and shows none.
    options.intercept === undefined ? nothing : interceptWrites(options.intercept),
    // Outside of the tries: a redirect is an answer to them, and not worth another.
    noRedirects,
    // Around all that a try needs anew: a credential that is still valid, a turn, a time, a line.
    retry(options.retry, timing, options.onPause),
    // Outside of the turn: what is sent again after a 401 is a request like any other, and waits for its own.
    credential === null ? nothing : auth(credential),
    // Outside of the time: to wait for a turn is not the server's silence.
    options.rateLimit ?? nothing,
    // Outside of the time: an exchange that ran out of it is logged as that, not as stopped by the caller.
    log === undefined ? nothing : debugLog({ write: (line) => log(masker.maskOwn(line)), clock: timing.clock }),
    // Inside of all that looks at an answer, and of the credential, which it learns.
    maskResponses(masker),
    // Innermost: it measures the server, and nothing of ours.
    timeout({ ...timing, timeoutMs, onStall: options.onStall }),
  )(transport)
