import { STATUS_CODES } from 'node:http'

/** An error response of Keystone: always JSON, for any `Accept`. */
export interface KeystoneRefusal extends Error {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

export const isKeystoneRefusal = (error: unknown): error is KeystoneRefusal =>
  error instanceof Error && 'keystone' in error

const refusal = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): KeystoneRefusal =>
  Object.assign(new Error(`keystone ${status}`), { keystone: true, status, body, headers })

/** Creates a refusal with a custom message. */
export const keystoneError = (
  status: number,
  message: string,
  more: Readonly<Record<string, unknown>> = {},
): KeystoneRefusal =>
  refusal(status, { error: { ...more, code: status, message, title: STATUS_CODES[status] ?? 'Error' } })

export const badRequest = (message: string): KeystoneRefusal => keystoneError(400, message)

/** Keystone never returns why a login failed. */
export const unauthorized = (): KeystoneRefusal =>
  keystoneError(401, 'The request you have made requires authentication.')

export const forbidden = (policy: string): KeystoneRefusal =>
  keystoneError(403, `You are not authorized to perform the requested action: ${policy}.`)

export const notFound = (message: string): KeystoneRefusal => keystoneError(404, message)

/** The response to a partial multifactor login: the receipt proves the methods already used. */
export const moreMethodsNeeded = (receipt: string, body: unknown): KeystoneRefusal =>
  refusal(401, body, { 'openstack-auth-receipt': receipt })

const EXPECTED =
  'The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.'

/** Names the missing attribute and its parent: `exception.ValidationError` of keystone/exception.py. */
export const expecting = (attribute: string, target: string): KeystoneRefusal =>
  badRequest(`Expecting to find ${attribute} in ${target}. ${EXPECTED}`)

export const idOrName = (path: string): KeystoneRefusal =>
  badRequest(`Invalid input for field ${path}: id or name must be present.`)

/** The error for a token that this Keystone did not issue. */
export const unknownToken = (): KeystoneRefusal => notFound('Could not recognize Fernet token')

export const NOT_JSON =
  'Expecting to find valid JSON in request body. The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.'
