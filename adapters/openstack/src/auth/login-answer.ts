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
import { loginError, loginSite, noKeystone, type LoginContext } from './login-error.ts'
import { toTokenInfo, type TokenInfo } from './token-info.ts'

export const TOKEN_HEADER = 'x-auth-token'

/** A login: what proves it, and what was said of it. */
export interface Login extends AuthToken {
  readonly info: TokenInfo
  readonly catalog: KeystoneCatalog
  /** Where it was got, with the version. */
  readonly keystone: string
}

const decode = toDecoder(KeystoneTokenEnvelope)

const parseInstant = (text: string): number => Date.parse(toInstant(text) ?? text)

/** When the token ends by the clock of this machine, which may differ from Keystone's: that shows in when it was issued. */
const localEnd = ({ expires_at, issued_at }: KeystoneToken, { headers }: TextResponse, clock: () => number): number => {
  const now = clock()
  return now + parseInstant(expires_at) - (issued_at ? parseInstant(issued_at) : readServerTime(headers, now))
}

/** The token in an answer, or why there is none. */
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
  // What answers everything with a page is a dashboard or a proxy.
  if (page !== null) return E.left(configInvalid(site, describeWebPage(page, 'Keystone')))
  if (E.isLeft(json))
    return E.left(noKeystone(site, 'what is at the address of this cloud does not answer as Keystone does'))
  if (token === '') return E.left(noKeystone(site, 'what is at the address of this cloud gives no token'))
  // The catalog is read entry by entry; it is not to cost the token.
  const envelope = isJsonObject(json.right) ? json.right : {}
  const { catalog, ...said } = isJsonObject(envelope['token']) ? envelope['token'] : {}
  const decoded = decode({ token: said }, new Notes())
  if (E.isLeft(decoded))
    return E.left(decodeFailed(site, { what: 'what Keystone says of the token cannot be read', issues: decoded.left }))
  return E.right({
    headers: { [TOKEN_HEADER]: token },
    expiresAtMs: localEnd(decoded.right.token, response, context.clock),
    info: toTokenInfo(decoded.right.token),
    catalog: readCatalog(catalog),
    keystone,
  })
}
