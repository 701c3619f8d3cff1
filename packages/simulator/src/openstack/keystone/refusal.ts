import { STATUS_CODES } from 'node:http'

/** An answer of Keystone that is no success: always JSON, whatever the client accepts. */
export interface KeystoneRefusal extends Error {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

export const isKeystoneRefusal = (error: unknown): error is KeystoneRefusal =>
  error instanceof Error && 'keystone' in error

const refusal = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): KeystoneRefusal =>
  Object.assign(new Error(`keystone ${status}`), { keystone: true, status, body, headers })

/** With a text of its own. */
export const said = (status: number, message: string, more: Readonly<Record<string, unknown>> = {}): KeystoneRefusal =>
  refusal(status, { error: { ...more, code: status, message, title: STATUS_CODES[status] ?? 'Error' } })

export const badRequest = (message: string): KeystoneRefusal => said(400, message)

/** Keystone never says what was wrong with a login. */
export const unauthorized = (): KeystoneRefusal => said(401, 'The request you have made requires authentication.')

export const forbidden = (policy: string): KeystoneRefusal =>
  said(403, `You are not authorized to perform the requested action: ${policy}.`)

export const notFound = (message: string): KeystoneRefusal => said(404, message)

/** Half of a multifactor login: the receipt stands for what was already shown. */
export const moreMethodsNeeded = (receipt: string, body: unknown): KeystoneRefusal =>
  refusal(401, body, { 'openstack-auth-receipt': receipt })

const EXPECTED =
  'The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.'

/** What a request lacks, and where: `exception.ValidationError` of keystone/exception.py. */
export const expecting = (attribute: string, target: string): KeystoneRefusal =>
  badRequest(`Expecting to find ${attribute} in ${target}. ${EXPECTED}`)

export const idOrName = (path: string): KeystoneRefusal =>
  badRequest(`Invalid input for field ${path}: id or name must be present.`)

/** A token that is none of this Keystone's. */
export const unknownToken = (): KeystoneRefusal => notFound('Could not recognize Fernet token')

export const NOT_JSON =
  'Expecting to find valid JSON in request body. The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.'
