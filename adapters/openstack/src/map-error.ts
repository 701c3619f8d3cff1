import {
  configInvalid,
  conflict,
  forbidden,
  notFound,
  quotaExceeded,
  rejected,
  type ErrorSite,
  type ImageError,
} from '@imago/core/provider'
import { findRequestId, parseRetryAfter, type TextResponse } from '@imago/http'
import { formatNotFound } from '@imago/provider-kit'
import { toImageErrorFromStatus, type RequestContext } from '@imago/provider-kit/live'
import { readFault } from '@imago/schema-openstack'

/** The parts of a call that affect its errors. */
export interface OpenstackContext {
  /** The API version that introduced the path, if older services may lack it. */
  readonly since?: string | undefined
  /** The error if the cloud lacks the feature: `this cloud reports no stores`. */
  readonly missingFeature?: string | undefined
  /** The service that the request was sent to: `Glance`. */
  readonly service: string
}

/**
 * Reasons of a 403, by Glance's message: the status is the same for all of them.
 * glance: glance/api/v2/images.py, glance/api/v2/image_actions.py, glance/api/policy.py; glance/common/exception.py.
 */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/is protected/i, 'protected'],
  [/read-?only/i, 'readonly'],
  [/is reserved/i, 'reserved'],
  [/deactivated/i, 'deactivated'],
]

/** Messages of a 403 that concerns the state of the image, not the user's permissions. glance: glance/domain/__init__.py, Image.deactivate; glance/api/v2/image_members.py; glance/api/v2/images.py. */
const STATES: readonly RegExp[] = [
  /in status '/i,
  /(?:create|list|update|delete|show|get) members? (?:for|of|in)/i,
  /only (?:be )?replaced for a queued image/i,
  /only store containing it/i,
]

const REFUSED_BY_POLICY = 'policy'

/** Message of a 403 for a share of an image of another visibility. glance: glance/api/v2/image_members.py. */
const NOT_SHARED = /only shared images have members/i

const toForbidden = (site: ErrorSite, message: string): ImageError => {
  if (NOT_SHARED.test(message))
    return conflict(site, { what: message, hint: 'Set the visibility of the image to shared first' })
  if (STATES.some((state) => state.test(message))) return conflict(site, { what: message })
  if (IS_QUOTA.test(message)) return toQuotaExceeded(site, message)
  const reason = REASONS.find(([words]) => words.test(message))?.[1] ?? REFUSED_BY_POLICY
  switch (reason) {
    case 'protected':
      return forbidden(site, { what: message, reason, hint: 'Remove the protection first' })
    case 'readonly':
    case 'reserved':
      return forbidden(site, { what: message, reason, hint: 'Leave this field out: the cloud sets it' })
    case 'deactivated':
      return forbidden(site, { what: message, reason, hint: 'Reactivate the image first' })
    default:
      return forbidden(site, { what: message, reason })
  }
}

/** Message of a 409 for an unknown store. glance: glance/api/v2/images.py, ImagesController.import_image; an upload to an unknown store returns 400. */
const UNKNOWN_STORE = /^store for identifier .* not found/i

/**
 * Messages of a 409 if the store cannot delete the data of an image, and the hints. On Ceph, the disks of servers and volumes are clones of the image.
 * glance: glance/api/v2/images.py, ImagesController.delete and delete_from_store; glance_store: exceptions.py, HasSnapshot and InUseByStore.
 */
const DATA_IN_USE: readonly (readonly [RegExp, string])[] = [
  [
    /because it is in use/i,
    'Delete the servers and volumes that were created from it first, also those of other projects: their disks depend on its data',
  ],
  [/because it has snapshot/i, 'Ask the operator of the cloud to delete the snapshots of its data'],
]

/**
 * Messages of a 409 if the state of a server does not allow an action, and the hints.
 * nova: nova/api/openstack/common.py, raise_http_conflict_for_instance_invalid_state; nova/compute/api.py, API.snapshot.
 */
const SERVER_STATES: readonly (readonly [RegExp, string])[] = [
  [/while it is in vm_state building/i, 'Wait until the server has been built, then retry'],
  [/while it is in task_state/i, 'Wait until the server has finished its current task, then retry'],
  [
    /cannot 'createImage' instance \S{0,64} ?while it is in vm_state/i,
    'Bring the server into the status ACTIVE, SHUTOFF, PAUSED or SUSPENDED, then retry',
  ],
]

const CONFLICTS = [...DATA_IN_USE, ...SERVER_STATES]

const toConflict = (site: ErrorSite, message: string): ImageError =>
  UNKNOWN_STORE.test(message)
    ? rejected(site, { what: message, hint: 'Use a store of this cloud' })
    : conflict(site, { what: message, hint: CONFLICTS.find(([words]) => words.test(message))?.[1] })

/** Generic 404 messages of webob, which do not name the resource. */
const IS_GENERIC: readonly RegExp[] = [
  /^the (?:requested url|(?:requested )?resource)\b.*not (?:be )?found/i,
  /^not found/i,
  /^the server returned 404 without a message/i,
]

/** Glance's message for a method that is not in enabled_import_methods. glance: glance/api/v2/images.py, RequestDeserializer.import_image. */
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

const UNKNOWN_REQUEST =
  'Ask the operator of the cloud: the service is too old for this request, or the request is disabled there'

const toNotFound = (
  site: ErrorSite,
  { subject, since, missingFeature, service }: OpenstackContext & RequestContext,
  message: string,
): ImageError => {
  const isGeneric = IS_GENERIC.some((words) => words.test(message))
  if (since !== undefined && isGeneric)
    return rejected(site, {
      what: `${service} does not know this request, which was added in version ${since} of the API`,
      hint: UNKNOWN_REQUEST,
    })
  if (missingFeature !== undefined)
    return notFound(site, {
      what: isGeneric ? missingFeature : `${missingFeature}: ${message}`,
      hint: 'Ask the operator of the cloud whether it is enabled',
    })
  if (subject === null)
    return configInvalid(site, {
      what: `${service} not found at this address: ${message}`,
      hint: `Check the address of ${service === 'Glance' ? 'the image service' : service} in the configuration or the catalog`,
    })
  return notFound(site, {
    what: isGeneric ? formatNotFound(subject, ' or not visible to these credentials') : message,
  })
}

/** Hints for exceeded limits, by Glance's message. glance: glance/quota/__init__.py; glance/api/v2/image_data.py. */
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

/** Text that Glance prepends to the reason if a unified limit of Keystone is exceeded. glance: glance/common/exception.py, LimitExceeded. */
const LIMIT_PREFIX = /^The request returned a 413[^]*The response body:\s*/

const toQuotaExceeded = (site: ErrorSite, message: string): ImageError =>
  quotaExceeded(site, {
    what: message.replace(LIMIT_PREFIX, ''),
    hint: EXCEEDED.find(([words]) => words.test(message))?.[1],
  })

/** Nova and Glance's stores return 403 for an exceeded quota. nova: nova/api/openstack/common.py, check_img_metadata_properties_quota. */
const IS_QUOTA = /quota|limit exceeded|over (?:a )?limit/i

const BODY_LIMIT =
  'Ask the operator of the cloud for a larger limit of the gateway (nginx: client_max_body_size), or for an address without it'

/** OpenStack services send a request ID in each response, and JSON if requested. */
const isOfGateway = ({ headers }: TextResponse): boolean =>
  findRequestId(headers) === null && !/\bjson\b/i.test(headers.get('content-type') ?? '')

/** Maps an error response of Glance, Nova, Keystone or a proxy (JSON, HTML or text). `now`: milliseconds since the epoch. */
export const toImageError = (
  site: ErrorSite,
  response: TextResponse,
  context: OpenstackContext & RequestContext,
  now: number,
): ImageError => {
  const { status, headers, text } = response
  const { message } = readFault(status, headers.get('content-type'), text)
  switch (status) {
    case 300:
      return configInvalid(site, {
        what: 'the address is that of a list of API versions, not of version 2',
        hint: 'Configure the address of the image service without a version, or ending in /v2',
      })
    case 400:
      return toBadRequest(site, message)
    case 403:
      return toForbidden(site, message)
    case 404:
      return toNotFound(site, context, message)
    case 405:
    case 501:
      return rejected(site, { what: message, hint: UNKNOWN_REQUEST })
    case 409:
      return toConflict(site, message)
    case 410:
      return notFound(site, { what: message })
    // OpenStack services assign 412 and 423 no specific meaning.
    case 412:
    case 423:
      return rejected(site, { what: message })
    case 413:
      return isOfGateway(response)
        ? rejected(site, {
            what: `a gateway in front of ${context.service} refuses a request of this size: ${message}`,
            hint: BODY_LIMIT,
          })
        : toQuotaExceeded(site, message)
    case 416:
      return rejected(site, { what: message, hint: 'Request a range within the size of the data' })
    default:
      return toImageErrorFromStatus(site, {
        status,
        message,
        retryAfterMs: parseRetryAfter(headers, now),
        onlyOnce: context.onlyOnce,
      })
  }
}
