import {
  configInvalid,
  forbidden,
  rateLimited,
  rejected,
  createErrorSite,
  unauthorized,
  unavailable,
  type CloudIdentity,
  type ErrorSite,
  type ImageError,
} from '@imago/core/provider'
import {
  isWrongEndpoint,
  parseJsonBody,
  readWebPage,
  findRequestId,
  parseRetryAfter,
  describeWebPage,
  type TextResponse,
} from '@imago/http'
import { KeystoneFault, readFault } from '@imago/schema-openstack'
import * as E from 'fp-ts/lib/Either.js'
import type { KeystoneAuth, OidcAuth } from '../options.ts'
import { loginAdvice, loginWords } from './login-words.ts'
import type { Receipt } from './receipt.ts'

/** The cloud and the credentials of a login. */
export interface LoginContext {
  readonly cloud: CloudIdentity
  readonly auth: KeystoneAuth | OidcAuth
  readonly clock: () => number
}

/** Error site of a request to Keystone. */
export const siteAt = (
  cloud: CloudIdentity,
  operation: string,
  method: string,
  { url, status, headers }: TextResponse,
): ErrorSite =>
  createErrorSite(cloud, operation, { method, path: new URL(url).pathname, status, requestId: findRequestId(headers) })

export const loginSite = ({ cloud }: LoginContext, response: TextResponse): ErrorSite =>
  siteAt(cloud, 'login', 'POST', response)

/** Keystone's generic message for every rejected login. */
const GENERIC_MESSAGE = /^The request you have made requires authentication\.?/

/** Status codes that indicate that this version or path does not exist. */
const WRONG_PATH_STATUSES: ReadonlySet<number> = new Set([300, 404, 405, 410, 501])

const isKeystoneFault = (response: TextResponse): boolean => {
  const json = parseJsonBody(response)
  return E.isRight(json) && KeystoneFault.is(json.right)
}

/** Returns Keystone's message. A schema error repeats the whole request, secrets included, so only its first words are kept. */
const readReason = (response: TextResponse): string => {
  const { status, headers, text } = response
  // A web page comes from a proxy, or is a stack trace.
  if (!isKeystoneFault(response)) return ''
  const [reason = ''] = readFault(status, headers.get('content-type'), text).message.split(
    /Failed validating|On instance/,
  )
  const first = reason.trimEnd()
  return first === '' || GENERIC_MESSAGE.test(first) ? '' : `: ${first}`
}

/** Whether the path does not accept logins. Keystone itself returns 404 for an unknown trust or identity provider. */
export const isWrongPath = (response: TextResponse): boolean =>
  WRONG_PATH_STATUSES.has(response.status) && !isKeystoneFault(response)

/** The configured address is not a Keystone. */
export const notKeystoneError = (site: ErrorSite, what: string): ImageError =>
  configInvalid(site, {
    what,
    hint: 'Set auth_url to the address of Keystone, the Identity service: https://cloud.example:5000/v3',
  })

/** Maps an unsuccessful login response to an error. */
export const loginError = (context: LoginContext, response: TextResponse): ImageError => {
  const site = loginSite(context, response)
  const reason = readReason(response)
  const page = readWebPage(response)
  if (page !== null && isWrongEndpoint(response.status)) return configInvalid(site, describeWebPage(page, 'Keystone'))
  if (isWrongPath(response)) return notKeystoneError(site, 'no Identity API v3 found at the address of this cloud')
  switch (response.status) {
    case 401:
    case 404:
      return unauthorized(site, {
        what: `Keystone refused ${loginWords(context.auth)}${reason}`,
        hint: loginAdvice(context.auth),
      })
    case 403:
      return forbidden(site, {
        what: `Keystone forbids a login with ${loginWords(context.auth)}${reason}`,
        reason: 'login',
      })
    case 413:
    case 429:
      return rateLimited(site, {
        what: 'Keystone refuses the login: too many requests',
        retryAfterMs: parseRetryAfter(response.headers, context.clock()),
      })
    case 408:
      return unavailable(site, { what: `the login timed out at the server${reason}` })
    default:
      return response.status >= 500
        ? unavailable(site, { what: `Keystone is temporarily unavailable${reason}` })
        : rejected(site, {
            what: `Keystone rejected the login request${reason}`,
            hint: 'Check the IDs, names, domains and scope in the configuration of this cloud',
          })
  }
}

const formatAlternatives = (rules: readonly (readonly string[])[]): string =>
  rules.map((rule) => rule.join(' and ')).join(', or ')

/** Keystone requires further auth methods than those configured. */
export const toMissingMethodsError = (
  context: LoginContext,
  response: TextResponse,
  { missing }: Receipt,
): ImageError =>
  unauthorized(loginSite(context, response), {
    what: `Keystone accepted ${loginWords(context.auth)}, but requires more auth methods${missing.length === 0 ? '' : `: ${formatAlternatives(missing)}`}`,
    hint: 'Set auth_type to v3multifactor and list all methods in auth_methods (v3password, v3totp), or use an application credential',
  })
