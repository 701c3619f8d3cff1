import {
  aborted,
  createMasker,
  toSafePath,
  rejected,
  createErrorSite,
  type Abortable,
  type ImageResult,
  type CloudIdentity,
  type ErrorSite,
  type ImageError,
  type Masker,
  trimTrailing,
} from '@imago/core'
import {
  sendForText,
  createHttpClient,
  isIdempotent,
  rateLimit,
  findRequestId,
  revealSecret,
  type Credential,
  type HttpClient,
  type HttpRequest,
  type TextResponse,
  type Timing,
} from '@imago/http'
import { isSuccess, readResponse, type BodyReader } from '@imago/provider-kit/live'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { toImageError, toImageErrorWithoutAnswer, type Asked } from './map-error.ts'
import { HETZNER_ENDPOINT, type HetznerOptions, type RescueOptions } from './options.ts'
import { hetznerRetry } from './retry.ts'

/** A call, for its errors. */
export interface Call extends Abortable {
  readonly operation: string
  /** What is asked for, in words: `image 42`. */
  readonly subject?: string | undefined
  /** Why it cannot be sent; `null`: it can. */
  readonly problem?: string | null | undefined
}

/** A way to ask the API of one project: what a client of the API and a source stand on. They may share one. */
export interface HetznerSession {
  readonly cloud: CloudIdentity
  readonly timing: Timing
  /** For requests of one's own: paths are under the endpoint, and the token goes with them. */
  readonly client: HttpClient
  /** Whether requests that change something are held back. */
  readonly isDryRun: boolean
  /** What no error may repeat: passwords and keys that are made on the way are made known to it. */
  readonly masker: Masker
  readonly rescue: RescueOptions
  /** Sends, and reads the JSON of an answer of 200 to 299. */
  readonly ask: <A>(request: HttpRequest, call: Call, read: BodyReader<A>) => ImageResult<A>
  /** Sends what is answered by nothing. */
  readonly tell: (request: HttpRequest, call: Call) => ImageResult<void>
}

const originOf = (endpoint: string): string | null => {
  try {
    return new URL(endpoint).origin
  } catch {
    return null
  }
}

/** The token, revealed only as it is sent. */
const credentialOf = (endpoint: string, token: HetznerOptions['token']): Credential => ({
  belongsTo: (origin) => origin === originOf(endpoint),
  token: () => TE.fromIO(() => ({ headers: { authorization: `Bearer ${revealSecret(token)}` }, expiresAtMs: null })),
  renew: null,
})

/** Hetzner's retry policy, rate limit and token around a connection. Asks nothing until it is asked. */
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
    credential: credentialOf(endpoint, token),
    retry: hetznerRetry,
    rateLimit: shared ?? rateLimit({ ...timing, refill: 'gradually', onPause: connection.onPause }),
  })
  const send = sendForText(client)

  const siteFor = ({ operation }: Call, { method, url }: HttpRequest, response: TextResponse | null): ErrorSite =>
    createErrorSite(cloud, operation, {
      method,
      path: response === null ? `${trimTrailing(toSafePath(endpoint), '/')}${url}` : response.url,
      status: response?.status ?? null,
      requestId: response === null ? null : findRequestId(response.headers),
    })

  const exchange = (request: HttpRequest, call: Call): ImageResult<TextResponse> => {
    const { operation, signal, subject = null, problem = null } = call
    const asked: Asked = { subject, onlyOnce: !isIdempotent(request) }
    return async () => {
      if (signal?.aborted === true) return E.left(aborted(createErrorSite(cloud, operation)))
      if (problem !== null) return E.left(rejected(createErrorSite(cloud, operation), { what: problem }))
      const answer = await send({ ...request, signal })()
      if (E.isLeft(answer)) return E.left(toImageErrorWithoutAnswer(siteFor(call, request, null), answer.left, asked))
      const response = answer.right
      return isSuccess(request, response)
        ? answer
        : E.left(toImageError(siteFor(call, request, response), response, asked, timing.clock()))
    }
  }

  const readBody =
    <A>(request: HttpRequest, call: Call, read: BodyReader<A>) =>
    (response: TextResponse): E.Either<ImageError, A> =>
      readResponse(read, {
        site: siteFor(call, request, response),
        server: 'the Hetzner API',
        unreadable: 'the answer is not what the API says it is',
        onlyOnce: !isIdempotent(request),
      })(response)

  return {
    cloud,
    timing,
    client,
    isDryRun: connection.intercept !== undefined,
    masker,
    rescue,
    ask: (request, call, read) => pipe(exchange(request, call), TE.flatMapEither(readBody(request, call, read))),
    tell: (request, call) => pipe(exchange(request, call), TE.asUnit),
  }
}
