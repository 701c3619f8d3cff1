import { toDecoder, Notes, toInstant } from '@imago/codec'
import { configInvalid, decodeFailed, isJsonObject, type ImageError } from '@imago/core/provider'
import {
  parseJsonBody,
  readWebPage,
  readServerTime,
  describeWebPage,
  type AuthToken,
  type TextResponse,
} from '@imago/http'
import { KeystoneTokenEnvelope, type KeystoneCatalog, type KeystoneToken } from '@imago/schema-openstack'
import * as E from 'fp-ts/lib/Either.js'
import { readCatalog } from './catalog.ts'
import { loginError, loginSite, notKeystoneError, type LoginContext } from './login-error.ts'
import { toTokenInfo, type TokenInfo } from './token-info.ts'

export const TOKEN_HEADER = 'x-auth-token'

/** The token of a successful login and its details. */
export interface Login extends AuthToken {
  readonly info: TokenInfo
  readonly catalog: KeystoneCatalog
  /** Address of the Keystone that issued the token, with the version. */
  readonly keystone: string
}

const decode = toDecoder(KeystoneTokenEnvelope)

const parseInstant = (text: string): number => Date.parse(toInstant(text) ?? text)

/** Converts the token's expiry to the local clock, which may differ from Keystone's: the offset follows from `issued_at`. */
const toLocalExpiry = (
  { expires_at, issued_at }: KeystoneToken,
  { headers }: TextResponse,
  clock: () => number,
): number => {
  const now = clock()
  return now + parseInstant(expires_at) - (issued_at ? parseInstant(issued_at) : readServerTime(headers, now))
}

/** Extracts the token from a response, or explains why it has none. */
export const toLogin = (
  context: LoginContext,
  keystone: string,
  response: TextResponse,
): E.Either<ImageError, Login> => {
  if (response.status < 200 || response.status > 299) return E.left(loginError(context, response))
  const site = loginSite(context, response)
  const json = parseJsonBody(response)
  const token = response.headers.get('x-subject-token') ?? ''
  const page = readWebPage(response)
  // Dashboards and proxies answer every request with a web page.
  if (page !== null) return E.left(configInvalid(site, describeWebPage(page, 'Keystone')))
  if (E.isLeft(json)) return E.left(notKeystoneError(site, 'the server at auth_url is not Keystone'))
  if (token === '') return E.left(notKeystoneError(site, 'Keystone returned no token'))
  // The catalog is decoded entry by entry, so an invalid entry does not invalidate the token.
  const envelope = isJsonObject(json.right) ? json.right : {}
  const { catalog, ...fields } = isJsonObject(envelope['token']) ? envelope['token'] : {}
  const decoded = decode({ token: fields }, new Notes())
  if (E.isLeft(decoded))
    return E.left(
      decodeFailed(site, {
        what: 'the token description of Keystone is not in the documented format',
        issues: decoded.left,
      }),
    )
  return E.right({
    headers: { [TOKEN_HEADER]: token },
    expiresAtMs: toLocalExpiry(decoded.right.token, response, context.clock),
    info: toTokenInfo(decoded.right.token),
    catalog: readCatalog(catalog),
    keystone,
  })
}
