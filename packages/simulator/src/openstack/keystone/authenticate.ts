import { getFieldValue, textField } from '../body.ts'
import type { ApplicationCredential, Directory, User } from './directory.ts'
import { expecting, idOrName, notFound, keystoneError, unauthorized, unknownToken } from './refusal.ts'
import type { Token, Tokens } from './tokens.ts'

/** The methods that Keystone 22 lists, whether configured or not. */
const METHODS = ['external', 'password', 'token', 'oauth1', 'mapped', 'application_credential']

/** An authenticated user and the methods used. */
export interface Identity {
  readonly user: User
  readonly methods: readonly string[]
  readonly applicationCredential: ApplicationCredential | null
  readonly token: Token | null
}

const domainMatches = (user: User, reference: unknown): boolean =>
  textField(reference, 'id') === user.domain.id || textField(reference, 'name') === user.domain.name

/** Finds a user by ID, or by name and domain: a name without a domain matches no user. */
export const findUser = (directory: Directory, reference: unknown): User | undefined =>
  directory.users.find(({ id }) => id === textField(reference, 'id')) ??
  directory.users.find(
    (user) => user.name === textField(reference, 'name') && domainMatches(user, getFieldValue(reference, 'domain')),
  )

/** Refuses an incomplete user reference before the lookup. */
const refuseVague = (method: string, payload: unknown): void => {
  const reference = getFieldValue(payload, 'user')
  if (reference === undefined) throw expecting('user', 'None')
  if (getFieldValue(reference, 'id') !== undefined) return
  if (getFieldValue(reference, 'name') === undefined) throw idOrName(`identity/${method}/user`)
  const domain = getFieldValue(reference, 'domain')
  if (domain === undefined) throw expecting('domain', 'user')
  if (getFieldValue(domain, 'id') === undefined && getFieldValue(domain, 'name') === undefined)
    throw idOrName(`identity/${method}/user/domain`)
}

const byPassword = (directory: Directory, payload: unknown): Identity => {
  refuseVague('password', payload)
  const reference = getFieldValue(payload, 'user')
  const user = findUser(directory, reference)
  if (user === undefined || user.password === null || textField(reference, 'password') !== user.password)
    throw unauthorized()
  return { user, methods: ['password'], applicationCredential: null, token: null }
}

const byPasscode = (directory: Directory, payload: unknown): Identity => {
  const reference = getFieldValue(payload, 'user')
  const user = findUser(directory, reference)
  if (user === undefined || user.passcode === null || textField(reference, 'passcode') !== user.passcode)
    throw unauthorized()
  return { user, methods: ['totp'], applicationCredential: null, token: null }
}

const byToken = (tokens: Tokens, payload: unknown): Identity => {
  const token = tokens.find(textField(payload, 'id'))
  if (token === null) throw unknownToken()
  // Application credentials are bound to their project: their tokens cannot be exchanged.
  if (token.applicationCredential !== null) throw unauthorized()
  return { user: token.user, methods: [...new Set([...token.methods, 'token'])], applicationCredential: null, token }
}

const byApplicationCredential = (directory: Directory, payload: unknown): Identity => {
  const id = textField(payload, 'id')
  if (id === undefined && getFieldValue(payload, 'name') === undefined)
    throw expecting('name or ID', 'application credential')
  if (id === undefined && getFieldValue(payload, 'user') === undefined)
    throw expecting('user', 'application credential')
  if (getFieldValue(payload, 'secret') !== undefined && textField(payload, 'secret') === undefined)
    throw expecting('string', 'password')
  const owner = findUser(directory, getFieldValue(payload, 'user'))
  const credential = directory.applicationCredentials.find(
    ({ id: known, name, userId }) => known === id || (name === textField(payload, 'name') && userId === owner?.id),
  )
  if (credential === undefined && id !== undefined) throw notFound(`Could not find Application Credential: ${id}.`)
  const user = directory.users.find((each) => each.id === credential?.userId)
  if (credential === undefined || user === undefined || textField(payload, 'secret') !== credential.secret)
    throw unauthorized()
  return { user, methods: ['application_credential'], applicationCredential: credential, token: null }
}

const byMethod = (directory: Directory, tokens: Tokens, method: string, payload: unknown): Identity => {
  switch (method) {
    case 'password':
      return byPassword(directory, payload)
    case 'totp':
      return byPasscode(directory, payload)
    case 'token':
      return byToken(tokens, payload)
    case 'application_credential':
      return byApplicationCredential(directory, payload)
    default:
      throw keystoneError(401, 'Attempted to authenticate with an unsupported method.', {
        identity: { methods: METHODS },
      })
  }
}

/** Authenticates the `identity` of a token request. All methods must name the same user. */
export const authenticate = (directory: Directory, tokens: Tokens, identity: unknown): Identity => {
  const methods = getFieldValue(identity, 'methods')
  if (!Array.isArray(methods)) throw unauthorized()
  const absent = methods.find((method: unknown) => getFieldValue(identity, String(method)) === undefined)
  if (absent !== undefined) throw expecting(String(absent), 'identity')
  const proved = methods.map((method: unknown) =>
    byMethod(directory, tokens, String(method), getFieldValue(identity, String(method))),
  )
  const [first] = proved
  if (first === undefined || proved.some(({ user }) => user.id !== first.user.id)) throw unauthorized()
  return {
    user: first.user,
    methods: [...new Set(proved.flatMap((each) => each.methods))],
    applicationCredential: first.applicationCredential,
    token: proved.find(({ token }) => token !== null)?.token ?? null,
  }
}
