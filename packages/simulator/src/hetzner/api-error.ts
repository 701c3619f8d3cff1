import type { Era } from './era.ts'

/** The codes of https://docs.hetzner.cloud/reference/cloud#description/errors with their statuses. */
const STATUS = {
  json_error: 400,
  unauthorized: 401,
  token_readonly: 403,
  forbidden: 403,
  maintenance: 403,
  resource_limit_exceeded: 403,
  not_found: 404,
  method_not_allowed: 405,
  uniqueness_error: 409,
  conflict: 409,
  deprecated_api_endpoint: 410,
  resource_unavailable: 412,
  invalid_input: 422,
  service_error: 422,
  unsupported_error: 422,
  locked: 423,
  protected: 423,
  rate_limit_exceeded: 429,
  server_error: 500,
  bad_gateway: 502,
  unavailable: 503,
  timeout: 504,
} as const

export type ApiErrorCode = keyof typeof STATUS

/** The error that routes throw for an error response. */
export interface ApiError extends Error {
  readonly code: ApiErrorCode
  readonly status: number
  readonly details: unknown
}

export const apiError = (
  code: ApiErrorCode,
  message: string,
  details: unknown = null,
  status: number = STATUS[code],
): ApiError => Object.assign(new Error(message), { code, status, details })

/** hcloud-go knows `forbidden` since 2.51; until June 2026, the documentation named `token_readonly`. */
export const readOnlyError = (era: Era): ApiError =>
  era === '2024'
    ? apiError('token_readonly', 'token is only allowed to perform GET requests', null, 401)
    : apiError('forbidden', 'insufficient permissions for this request')

export const isApiError = (error: unknown): error is ApiError =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code in STATUS

/** `invalid_input` for one field. */
export const invalidField = (name: string, message: string): ApiError =>
  apiError('invalid_input', `invalid input in field '${name}': ${message}`, { fields: [{ name, messages: [message] }] })

export const notFound = (what: string, id: number | string): ApiError =>
  apiError('not_found', `${what} with ID '${id}' not found`)

/** Returns the default code of a status, for faults without a code. */
export const codeOfStatus = (status: number): ApiErrorCode => {
  const known = Object.entries(STATUS).find((entry) => entry[1] === status)?.[0] as ApiErrorCode | undefined
  return known ?? (status >= 500 ? 'server_error' : 'invalid_input')
}

/** Statuses that are sent before a request reaches the API itself: by another encoder, on one line and without a charset. */
const GATEWAY_STATUSES: ReadonlySet<number> = new Set([401, 429, 502, 503, 504])

/** Formats an error: indented and with a charset if it comes from the API, on one line if it comes from the gateway. */
export const toWireError = ({
  code,
  message,
  details,
  status,
}: Pick<ApiError, 'code' | 'message' | 'details' | 'status'>): {
  readonly contentType: string
  readonly body: string
} => {
  const isGateway = GATEWAY_STATUSES.has(status)
  return {
    contentType: isGateway ? 'application/json' : 'application/json; charset=utf-8',
    body: JSON.stringify({ error: { code, message, details } }, null, isGateway ? 0 : 2),
  }
}
