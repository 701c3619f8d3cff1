import {
  configInvalid,
  createErrorSite,
  type Abortable,
  type ImageResult,
  type CloudIdentity,
  type ErrorSite,
  type ImageError,
} from '@imago/core/provider'
import {
  isWrongEndpoint,
  isIdempotent,
  mayBeSent,
  readWebPage,
  findRequestId,
  toImageErrorFromFailure,
  describeWebPage,
  type HttpFailure,
  type HttpRequest,
  type TextResponse,
} from '@imago/http'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { unlessAborted } from '../unless-aborted.ts'
import { OUTCOME_UNKNOWN_HINT } from './hints.ts'
import { isSuccess } from './is-success.ts'
import { readResponse, type BodyReader } from './read-response.ts'

/** One call of an API, as its errors name it. */
export interface ApiCall extends Abortable {
  readonly operation: string
  /** The resource that the call concerns: `image 42`. Absent: no single resource. */
  readonly subject?: string | null | undefined
}

/** The parts of a request that its errors depend on. */
export interface RequestContext {
  /** As in `ApiCall.subject`. */
  readonly subject: string | null
  /** Whether the request is not idempotent: sending it twice may create two resources. */
  readonly onlyOnce: boolean
}

/** How to call the API of a provider. `Call` may have further properties. */
export interface ApiCallerOptions<Call extends ApiCall> {
  readonly cloud: CloudIdentity
  /** Returns milliseconds since the epoch. */
  readonly clock: () => number
  /** The path of the API's endpoint. Errors put it before the path of a request. */
  readonly basePath: string
  readonly send: (request: HttpRequest, call: Call) => TE.TaskEither<HttpFailure, TextResponse>
  /** The name of the service, for people: `the Hetzner API`. */
  readonly server: (call: Call) => string
  /** Converts a response that is not a success to an error. `now`: milliseconds since the epoch. */
  readonly toImageError: (
    site: ErrorSite,
    response: TextResponse,
    context: Call & RequestContext,
    now: number,
  ) => ImageError
  /** Default: reads the usual headers. */
  readonly readRequestId?: ((response: TextResponse) => string | null) | undefined
}

/** Sends requests to an API and returns failures as errors of the image contract. */
export interface ApiCaller<Call extends ApiCall> {
  /** Returns the site of an error. `response`: `null` if there was none. */
  readonly siteAt: (
    request: HttpRequest,
    call: Call,
    response: Pick<TextResponse, 'status' | 'headers'> | null,
  ) => ErrorSite
  /** Converts a request without a response to an error. */
  readonly toFailure: (request: HttpRequest, call: Call, failure: HttpFailure) => ImageError
  /** Converts a response that is not a success to an error. */
  readonly toRefusal: (request: HttpRequest, call: Call, response: TextResponse) => ImageError
  /** Returns the response if it is a success. A repeated DELETE that returns 404 counts as one. */
  readonly send: (request: HttpRequest, call: Call) => ImageResult<TextResponse>
  /** Returns the decoded JSON of a success. */
  readonly read: <A>(request: HttpRequest, call: Call, read: BodyReader<A>) => ImageResult<A>
}

/** Creates a caller for one API of one cloud. Sends no request. */
export const createApiCaller = <Call extends ApiCall>(options: ApiCallerOptions<Call>): ApiCaller<Call> => {
  const { cloud, clock, basePath, server } = options
  const readRequestId = options.readRequestId ?? (({ headers }) => findRequestId(headers))

  const siteAt: ApiCaller<Call>['siteAt'] = ({ method, url }, { operation }, response) =>
    createErrorSite(cloud, operation, {
      method,
      path: `${basePath}${url}`,
      status: response?.status ?? null,
      requestId: response === null ? null : readRequestId(response as TextResponse),
    })

  const toFailure: ApiCaller<Call>['toFailure'] = (request, call, failure) => {
    if (failure._tag === 'SourceFailed' && failure.error !== null) return failure.error
    // The error of a login keeps its own operation.
    const error: ImageError = {
      ...toImageErrorFromFailure(failure, siteAt(request, call, null)),
      operation: call.operation,
    }
    return mayBeSent(failure) && !isIdempotent(request) ? { ...error, hint: OUTCOME_UNKNOWN_HINT } : error
  }

  const toRefusal: ApiCaller<Call>['toRefusal'] = (request, call, response) => {
    const site = siteAt(request, call, response)
    const page = readWebPage(response)
    // A web page instead of the API: the address is wrong, or a proxy responded.
    if (page !== null && isWrongEndpoint(response.status))
      return configInvalid(site, describeWebPage(page, server(call)))
    const context = { ...call, subject: call.subject ?? null, onlyOnce: !isIdempotent(request) }
    return options.toImageError(site, response, context, clock())
  }

  const send: ApiCaller<Call>['send'] = (request, call) =>
    unlessAborted(
      createErrorSite(cloud, call.operation),
      call,
      pipe(
        options.send({ ...request, signal: call.signal }, call),
        TE.mapLeft((failure) => toFailure(request, call, failure)),
        TE.filterOrElse(
          (response) => isSuccess(request, response),
          (response) => toRefusal(request, call, response),
        ),
      ),
    )

  return {
    siteAt,
    toFailure,
    toRefusal,
    send,
    read: (request, call, read) =>
      pipe(
        send(request, call),
        TE.flatMapEither((response) =>
          readResponse(read, {
            site: siteAt(request, call, response),
            server: server(call),
            onlyOnce: !isIdempotent(request),
          })(response),
        ),
      ),
  }
}
