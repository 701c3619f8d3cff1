import {
  configInvalid,
  conflict,
  forbidden,
  notFound,
  quotaExceeded,
  rateLimited,
  rejected,
  createErrorSite,
  unauthorized,
  unavailable,
  type ErrorSite,
  type ImageError,
  type RequestTrace,
} from '@imago/core'
import {
  isWrongEndpoint,
  mayBeSent,
  readWebPage,
  findRequestId,
  parseRetryAfter,
  toImageErrorFromFailure,
  describeWebPage,
  type HttpFailure,
  type TextResponse,
} from '@imago/http'
import { OUTCOME_UNKNOWN_HINT } from '@imago/provider-kit/live'
import { readFault } from '@imago/schema-openstack'

/** What a request was about, and for whom: all that an error says besides the answer. */
export interface Asked {
  readonly cloud: { readonly provider: string; readonly cloud: string | null }
  /** The method of the source or of the client. */
  readonly operation: string
  readonly method: string
  /** Without host and query. */
  readonly path: string
  /** What a 404 says is missing: `image 6e3f…`. `null`: a 404 means that the service is not there at all. */
  readonly subject: string | null
  /** The version of the API that brought the path, where a service may be older. */
  readonly since?: string | undefined
  /** What should answer; Glance if left out. */
  readonly service?: string | undefined
  /** Whether doing it twice is something else than doing it once. */
  readonly onlyOnce?: boolean | undefined
}

/** Where an exchange failed. `response`: `null` if there was none. */
export const siteOfAnswer = (
  { cloud, operation, method, path }: Asked,
  response: Pick<TextResponse, 'status' | 'headers'> | null,
): ErrorSite => {
  const trace: RequestTrace = {
    method,
    path,
    status: response?.status ?? null,
    requestId: response === null ? null : findRequestId(response.headers),
  }
  return createErrorSite(cloud, operation, trace)
}

/**
 * Why Glance forbids something, by its words: it has but one status for all of it.
 * glance: glance/api/v2/images.py, glance/api/v2/image_actions.py, glance/api/policy.py; glance/common/exception.py.
 */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/is protected/i, 'protected'],
  [/read-?only/i, 'readonly'],
  [/is reserved/i, 'reserved'],
  [/deactivated/i, 'deactivated'],
]

/** 403 of Glance that are about the state of the image, not about who asks. glance: glance/domain/__init__.py, Image.deactivate; glance/api/v2/image_members.py; glance/api/v2/images.py. */
const STATES: readonly RegExp[] = [
  /in status '/i,
  /(?:create|list|update|delete|show|get) members? (?:for|of|in)/i,
  /only shared images have members/i,
  /only (?:be )?replaced for a queued image/i,
  /only store containing it/i,
]

const REFUSED_BY_POLICY = 'policy'

const toForbidden = (site: ErrorSite, message: string): ImageError => {
  if (STATES.some((state) => state.test(message))) return conflict(site, { what: message })
  if (IS_QUOTA.test(message)) return toQuotaExceeded(site, message)
  const reason = REASONS.find(([words]) => words.test(message))?.[1] ?? REFUSED_BY_POLICY
  switch (reason) {
    case 'protected':
      return forbidden(site, { what: message, reason, hint: 'Lift the protection first' })
    case 'readonly':
    case 'reserved':
      return forbidden(site, { what: message, reason, hint: 'Leave this field to the cloud' })
    case 'deactivated':
      return forbidden(site, { what: message, reason, hint: 'Reactivate the image first' })
    default:
      return forbidden(site, { what: message, reason })
  }
}

/** A 409 that is about the request. glance: glance/api/v2/images.py, ImagesController.import_image; `stores` of an upload gives 400. */
const UNKNOWN_STORE = /^store for identifier .* not found/i

/** webob's words for a 404 that says nothing of what was not found. */
const SAYS_NOTHING: readonly RegExp[] = [
  /^the (?:requested url|(?:requested )?resource)\b.*not (?:be )?found/i,
  /^not found/i,
  /^answered 404 without a message/i,
]

/** Glance’s words for a method that is not among its enabled_import_methods. glance: glance/api/v2/images.py, RequestDeserializer.import_image. */
const UNKNOWN_METHOD = /^unknown import method name '([\w-]{1,64})'/i

const toBadRequest = (site: ErrorSite, message: string): ImageError => {
  const method = UNKNOWN_METHOD.exec(message)?.[1]
  return method === undefined
    ? rejected(site, { what: message })
    : rejected(site, {
        what: `this cloud has not enabled the import method ${method}`,
        hint: 'Ask the operator of the cloud to enable it, or upload the data',
      })
}

const UNKNOWN_REQUEST = 'This cloud’s service does not know this request: it is older, or it is switched off'

const toNotFound = (site: ErrorSite, { subject, since }: Asked, message: string): ImageError => {
  const saysNothing = SAYS_NOTHING.some((words) => words.test(message))
  if (since !== undefined && saysNothing)
    return rejected(site, {
      what: `the service has no such request, which came with version ${since} of the API`,
      hint: UNKNOWN_REQUEST,
    })
  if (subject === null)
    return configInvalid(site, {
      what: `there is no such service at this address: ${message}`,
      hint: 'Check the address of the image service in the configuration or the catalog',
    })
  return notFound(site, {
    what: saysNothing ? `there is no ${subject}, or none that these credentials can see` : message,
  })
}

/** What a limit is of, by Glance's words. glance: glance/quota/__init__.py; glance/api/v2/image_data.py. */
const EXCEEDED: readonly (readonly [RegExp, string])[] = [
  [/allowed image tags/i, 'Give the image fewer tags, or ask the operator of the cloud for a larger limit'],
  [
    /allowed image properties|metadata limit exceeded/i,
    'Give the image fewer properties, or ask the operator of the cloud for a larger limit',
  ],
  [
    /image is too large/i,
    'Use a smaller image, or a format that needs less, or ask the operator of the cloud for a larger limit',
  ],
]

/** What Glance puts before the reason where a limit of Keystone's is exceeded. glance: glance/common/exception.py, LimitExceeded. */
const LIMIT_PREFIX = /^The request returned a 413[^]*The response body:\s*/

const toQuotaExceeded = (site: ErrorSite, message: string): ImageError =>
  quotaExceeded(site, {
    what: message.replace(LIMIT_PREFIX, ''),
    hint: EXCEEDED.find(([words]) => words.test(message))?.[1],
  })

/** Nova and the stores of Glance answer 403 where a quota is exceeded. nova: nova/api/openstack/common.py, check_img_metadata_properties_quota. */
const IS_QUOTA = /quota|limit exceeded|over (?:a )?limit/i

const BODY_LIMIT =
  'Ask the operator of the cloud for a larger limit of the gateway (nginx: client_max_body_size), or for an address without it'

/** OpenStack's services give each answer an id, and write JSON when that is asked for. */
const isOfGateway = ({ headers }: TextResponse): boolean =>
  findRequestId(headers) === null && !/\bjson\b/i.test(headers.get('content-type') ?? '')

/**
 * An answer that is no success, as an error of the image contract; whoever wrote it: Glance, Nova, Keystone or a proxy, in JSON, HTML or text.
 * `now`: milliseconds since the epoch, for a `Retry-After` that is a date.
 */
export const toImageError = (asked: Asked, response: TextResponse, now: number): ImageError => {
  const { status, headers, text } = response
  const site = siteOfAnswer(asked, response)
  const page = readWebPage(response)
  if (page !== null && isWrongEndpoint(status))
    return configInvalid(site, describeWebPage(page, asked.service ?? 'Glance'))
  const { message } = readFault(status, headers.get('content-type'), text)
  switch (status) {
    case 300:
      return configInvalid(site, {
        what: 'the address leads to a list of API versions, not to version 2',
        hint: 'Configure the address of the image service without a version, or ending in /v2',
      })
    case 401:
      return unauthorized(site, { what: message })
    case 403:
      return toForbidden(site, message)
    case 404:
      return toNotFound(site, asked, message)
    case 410:
      return notFound(site, { what: message })
    case 409:
      return UNKNOWN_STORE.test(message)
        ? rejected(site, { what: message, hint: 'See which stores this cloud has' })
        : conflict(site, { what: message })
    case 416:
      return rejected(site, { what: message, hint: 'There are no such bytes' })
    case 413:
      return isOfGateway(response)
        ? rejected(site, {
            what: `a gateway in front of the service refuses a request of this size: ${message}`,
            hint: BODY_LIMIT,
          })
        : toQuotaExceeded(site, message)
    case 429:
      return rateLimited(site, { what: message, retryAfterMs: parseRetryAfter(headers, now) })
    case 405:
    case 501:
      return rejected(site, { what: message, hint: UNKNOWN_REQUEST })
    case 408:
      return unavailable(site, { what: message, hint: asked.onlyOnce === true ? OUTCOME_UNKNOWN_HINT : undefined })
    case 400:
      return toBadRequest(site, message)
    default:
      return status >= 500
        ? unavailable(site, { what: message, hint: asked.onlyOnce === true ? OUTCOME_UNKNOWN_HINT : undefined })
        : rejected(site, { what: message })
  }
}

/** What it means that there is no answer. A login that failed says so in its own words, but what was being done is this; bytes that could not be read are another's matter altogether. */
export const toImageErrorWithoutAnswer = (asked: Asked, failure: HttpFailure): ImageError => {
  if (failure._tag === 'SourceFailed' && failure.error !== null) return failure.error
  const error: ImageError = {
    ...toImageErrorFromFailure(failure, siteOfAnswer(asked, null)),
    operation: asked.operation,
  }
  return mayBeSent(failure) && asked.onlyOnce === true ? { ...error, hint: OUTCOME_UNKNOWN_HINT } : error
}
