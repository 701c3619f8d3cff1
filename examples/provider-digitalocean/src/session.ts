import { toSafePath, trimTrailing, type ImageResult, type CloudIdentity } from '@imago/core/provider'
import {
  sendForText,
  cautiousRetry,
  createHttpClient,
  rateLimit,
  findRequestId,
  type ClientOptions,
  type HttpClient,
  type HttpRequest,
  type Timing,
} from '@imago/http'
import { toIdentity } from '@imago/provider-kit'
import { bearerCredential, createApiCaller, type ApiCall, type BodyReader } from '@imago/provider-kit/live'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { DigitalOceanCloud } from './cloud.ts'
import { readError, toImageError } from './map-error.ts'

/** One account: a token, a rate limit. */
export interface Session {
  readonly cloud: CloudIdentity
  readonly timing: Timing
  /** Whether requests that change something are intercepted: their calls end with `Aborted`. */
  readonly isDryRun: boolean
  /** For the user's own requests: paths are below the endpoint. */
  readonly client: HttpClient
  /** Sends a request, and reads the JSON of its response. */
  readonly read: <A>(request: HttpRequest, call: ApiCall, read: BodyReader<A>) => ImageResult<A>
  /** Sends a request whose response has no body. */
  readonly send: (request: HttpRequest, call: ApiCall) => ImageResult<void>
}

/** Sends no request yet. */
export const createSession = (account: DigitalOceanCloud, connection: ClientOptions): Session => {
  const { timing } = connection
  const { endpoint, token } = account.settings
  const cloud = toIdentity(account)
  const client = createHttpClient({
    ...connection,
    base: endpoint,
    credential: bearerCredential(endpoint, token),
    retry: cautiousRetry,
    // `ratelimit-reset` is when the oldest request expires: nothing comes back before it.
    rateLimit: rateLimit({ ...timing, refill: 'at-once', onPause: connection.onPause }),
  })
  const caller = createApiCaller<ApiCall>({
    cloud,
    clock: timing.clock,
    basePath: trimTrailing(toSafePath(endpoint), '/'),
    send: sendForText(client),
    server: () => 'the DigitalOcean API',
    toImageError,
    readRequestId: ({ headers, text }) => findRequestId(headers) ?? readError(text).request_id ?? null,
  })
  return {
    cloud,
    timing,
    isDryRun: connection.intercept !== undefined,
    client,
    read: caller.read,
    send: (request, call) => pipe(caller.send(request, call), TE.asUnit),
  }
}
