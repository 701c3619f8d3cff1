import { nullable, openEnum } from '@imago/codec'
import * as t from 'io-ts'

// Sources: "spec": Hetzner's OpenAPI document (docs.hetzner.cloud/cloud.spec.json), section "Errors", as of June and September 2026.
// "hcloud-go": its hcloud/error.go.

/** The error codes of operations on images. Spec: Errors. Codes from `token_readonly` on are from hcloud-go, or no longer documented. */
export const HetznerErrorCode = openEnum('HetznerErrorCode', [
  'json_error',
  'unauthorized',
  'forbidden',
  'maintenance',
  'resource_limit_exceeded',
  'not_found',
  'method_not_allowed',
  'uniqueness_error',
  'conflict',
  'deprecated_api_endpoint',
  'resource_unavailable',
  'invalid_input',
  'service_error',
  'unsupported_error',
  'locked',
  'protected',
  'rate_limit_exceeded',
  'server_error',
  'bad_gateway',
  'unavailable',
  'timeout',
  'token_readonly',
  'unknown_error',
  'limit_reached',
  'robot_unavailable',
  'resource_locked',
  'resource_in_use',
  'server_not_stopped',
  'invalid_server_type',
  'placement_error',
  'action_failed',
])
export type HetznerErrorCode = t.TypeOf<typeof HetznerErrorCode>

/** An invalid field or an exceeded limit of a request. Spec: `invalid_input` and `uniqueness_error` (`fields`), `resource_limit_exceeded` (`limits`). */
export const HetznerErrorField = t.partial(
  { name: nullable(t.string), messages: nullable(t.array(t.string)) },
  'HetznerErrorField',
)
export type HetznerErrorField = t.TypeOf<typeof HetznerErrorField>

/** Details of an error. Other codes may have other keys. Spec: Errors. */
export const HetznerErrorDetails = t.partial(
  {
    fields: nullable(t.array(HetznerErrorField)),
    limits: nullable(t.array(HetznerErrorField)),
    /** URL of the changelog entry. With `deprecated_api_endpoint`. */
    announcement: nullable(t.string),
  },
  'HetznerErrorDetails',
)
export type HetznerErrorDetails = t.TypeOf<typeof HetznerErrorDetails>

/** Spec: Errors. */
export const HetznerError = t.intersection(
  [
    t.type({ code: HetznerErrorCode }),
    t.partial({
      message: nullable(t.string),
      /** Present and null in responses with status 401 and 404. */
      details: nullable(HetznerErrorDetails),
    }),
  ],
  'HetznerError',
)
export type HetznerError = t.TypeOf<typeof HetznerError>

/** The body of a response with status 400 or above from the API. Gateways in front of it send HTML. */
export const HetznerErrorEnvelope = t.type({ error: HetznerError }, 'HetznerErrorEnvelope')
export type HetznerErrorEnvelope = t.TypeOf<typeof HetznerErrorEnvelope>
