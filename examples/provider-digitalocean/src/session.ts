import { toIssues } from '@imago/codec'
import {
  aborted,
  decodeFailed,
  toSafePath,
  createErrorSite,
  trimTrailing,
  type Abortable,
  type ImageResult,
  type CloudIdentity,
  type ErrorSite,
  type ImageError,
} from '@imago/core'
import {
  sendForText,
  cautiousRetry,
  createHttpClient,
  isIdempotent,
  parseJsonBody,
  rateLimit,
  findRequestId,
  type ClientOptions,
  type Credential,
  type HttpClient,
  type HttpRequest,
  type TextResponse,
  type Timing,
} from '@imago/http'
import { toIdentity } from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Type } from 'io-ts'
import type { DigitalOceanCloud } from './cloud.ts'
import { readError, toImageError, toImageErrorWithoutResponse, type Asked } from './map-error.ts'

/** A call, for its errors. */
export interface Call extends Abortable {
  readonly operation: string
  /** What is asked for, in words: `image 42`. */
  readonly subject?: string | undefined
}

/** One account: a token, a rate limit. */
export interface Session {
  readonly cloud: CloudIdentity
  readonly timing: Timing
  /** Whether requests that change something are intercepted: their calls end with `Aborted`. */
  readonly isDryRun: boolean
  /** For the user's own requests: paths are below the endpoint. */
  readonly client: HttpClient
  /** Sends, and decodes the JSON of the response. */
  readonly ask: <A>(request: HttpRequest, call: Call, codec: Type<A, unknown>) => ImageResult<A>
  /** Sends what has no response body. */
  readonly send: (request: HttpRequest, call: Call) => ImageResult<void>
}

/** Sends no request yet. */
export const createSession = (account: DigitalOceanCloud, connection: ClientOptions): Session => {
  const { timing } = connection
  const { endpoint, token } = account.settings
  const cloud = toIdentity(account)
  const credential: Credential = {
    belongsTo: (origin) => origin === new URL(endpoint).origin,
    // Revealed only as it is sent.
    token: () => TE.fromIO(() => ({ headers: { authorization: `Bearer ${token.reveal()}` }, expiresAtMs: null })),
    renew: null,
  }
  const client = createHttpClient({
    ...connection,
    base: endpoint,
    credential,
    retry: cautiousRetry,
    // `ratelimit-reset` is when the oldest request expires: nothing comes back before it.
    rateLimit: rateLimit({ ...timing, refill: 'at-once', onPause: connection.onPause }),
  })
  const sendText = sendForText(client)

  const siteFor = ({ operation }: Call, { method, url }: HttpRequest, response: TextResponse | null): ErrorSite =>
    createErrorSite(cloud, operation, {
      method,
      path: response === null ? `${trimTrailing(toSafePath(endpoint), '/')}${url}` : response.url,
      status: response?.status ?? null,
      requestId:
        response === null ? null : (findRequestId(response.headers) ?? readError(response.text).request_id ?? null),
    })

  const exchange = (request: HttpRequest, call: Call): ImageResult<TextResponse> => {
    const { operation, signal, subject = null } = call
    const asked: Asked = { subject, onlyOnce: !isIdempotent(request) }
    return async () => {
      if (signal?.aborted === true) return E.left(aborted(createErrorSite(cloud, operation)))
      const sent = await sendText({ ...request, signal })()
      if (E.isLeft(sent)) return E.left(toImageErrorWithoutResponse(siteFor(call, request, null), sent.left, asked))
      const response = sent.right
      // A deletion whose response was lost succeeded if the image is gone at the next try.
      const isGone = request.method === 'DELETE' && response.status === 404 && response.isRepeat === true
      return isGone || (response.status >= 200 && response.status <= 299)
        ? sent
        : E.left(toImageError(siteFor(call, request, response), response, asked, timing.clock()))
    }
  }

  return {
    cloud,
    timing,
    isDryRun: connection.intercept !== undefined,
    client,
    ask: (request, call, codec) =>
      pipe(
        exchange(request, call),
        TE.flatMapEither((response) => {
          const site = siteFor(call, request, response)
          return pipe(
            parseJsonBody(response),
            E.mapLeft((failure): ImageError =>
              toImageErrorWithoutResponse(site, failure, { subject: null, onlyOnce: false }),
            ),
            E.flatMap((body) =>
              pipe(
                codec.decode(body),
                E.mapLeft((errors): ImageError =>
                  decodeFailed(site, { what: 'the response is not as the API documents it', issues: toIssues(errors) }),
                ),
              ),
            ),
          )
        }),
      ),
    send: (request, call) => pipe(exchange(request, call), TE.asUnit),
  }
}
