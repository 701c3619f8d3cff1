import {
  createMasker,
  toSafePath,
  rejected,
  createErrorSite,
  trimTrailing,
  type ImageResult,
  type CloudIdentity,
  type Masker,
} from '@imago/core/provider'
import { sendForText, createHttpClient, rateLimit, type HttpClient, type HttpRequest, type Timing } from '@imago/http'
import { unlessAborted } from '@imago/provider-kit'
import { bearerCredential, createApiCaller, type ApiCall, type BodyReader } from '@imago/provider-kit/live'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { toImageError } from './map-error.ts'
import { HETZNER_ENDPOINT, type HetznerOptions, type RescueOptions } from './options.ts'
import { hetznerRetry } from './retry.ts'

/** A call of the API, as its errors name it. */
export interface Call extends ApiCall {
  /** Why it cannot be sent; `null`: it can. */
  readonly problem?: string | null | undefined
}

/** Access to the API of one project. The typed API and the source share it. */
export interface HetznerSession {
  readonly cloud: CloudIdentity
  readonly timing: Timing
  /** For the user's own requests: paths are below the endpoint, and the token is sent with them. */
  readonly client: HttpClient
  /** Whether requests that change something are intercepted. */
  readonly isDryRun: boolean
  /** Masks secrets in errors; passwords and keys that the API creates are added to it. */
  readonly masker: Masker
  readonly rescue: RescueOptions
  /** Sends a request, and reads the JSON of its response. */
  readonly read: <A>(request: HttpRequest, call: Call, read: BodyReader<A>) => ImageResult<A>
  /** Sends a request whose response has no body. */
  readonly send: (request: HttpRequest, call: Call) => ImageResult<void>
}

/** Hetzner's retry policy, rate limit and token around a connection. Sends no request yet. */
export const createHetznerSession = ({
  name,
  endpoint = HETZNER_ENDPOINT,
  token,
  connection,
  rateLimit: shared,
  rescue = {},
}: HetznerOptions): HetznerSession => {
  const { timing, masker = createMasker() } = connection
  const cloud: CloudIdentity = { provider: 'hetzner', cloud: name, region: null }
  const client = createHttpClient({
    ...connection,
    masker,
    base: endpoint,
    credential: bearerCredential(endpoint, token),
    retry: hetznerRetry,
    rateLimit: shared ?? rateLimit({ ...timing, refill: 'gradually', onPause: connection.onPause }),
  })
  const caller = createApiCaller<ApiCall>({
    cloud,
    clock: timing.clock,
    basePath: trimTrailing(toSafePath(endpoint), '/'),
    send: sendForText(client),
    server: () => 'the Hetzner API',
    toImageError,
  })

  /** `work`, unless the call has a problem. */
  const checked = <A>({ operation, signal, problem = null }: Call, work: ImageResult<A>): ImageResult<A> => {
    if (problem === null) return work
    const site = createErrorSite(cloud, operation)
    return unlessAborted(site, { signal }, TE.left(rejected(site, { what: problem })))
  }

  return {
    cloud,
    timing,
    client,
    isDryRun: connection.intercept !== undefined,
    masker,
    rescue,
    read: (request, call, read) => checked(call, caller.read(request, call, read)),
    send: (request, call) => checked(call, pipe(caller.send(request, call), TE.asUnit)),
  }
}
