import { Secret } from '@imago/provider-kit'
import type { AuthMethod as AnyMethod, DomainMemberRef, DomainRef, Scope } from '../options.ts'
import type { ConfiguredAuth } from './cloud.ts'
import { toList } from './fix-ups.ts'
import type { Settings } from './settings.ts'
import { readText } from './value.ts'

type AuthMethod = AnyMethod<Secret>
type KeystoneAuth = ConfiguredAuth & { readonly kind: 'keystone' }
type OidcAuth = ConfiguredAuth & { readonly kind: 'oidc' }

/** Auth plugins of keystoneauth that clouds.yaml may name, mapped to imago's; `null`: not supported. */
const PLUGINS: ReadonlyMap<string, ConfiguredAuth['type'] | null> = new Map([
  ['password', 'password'],
  ['v3password', 'password'],
  ['token', 'token'],
  ['v3token', 'token'],
  ['v3applicationcredential', 'v3applicationcredential'],
  ['v3totp', 'v3totp'],
  ['v3multifactor', 'v3multifactor'],
  ['v3oidcaccesstoken', 'v3oidcaccesstoken'],
  ['none', 'none'],
  // `loader.py`, `_get_auth_loader`.
  ['None', 'none'],
  ['', 'none'],
  // keystoneauth: pyproject.toml.
  ['admin_token', null],
  ['token_endpoint', null],
  ['http_basic', null],
  ['noauth', null],
  ['v1password', null],
  ['v2password', null],
  ['v2token', null],
  ['v3adfspassword', null],
  ['v3fedkerb', null],
  ['v3kerberos', null],
  ['v3oauth1', null],
  ['v3oauth2clientcredential', null],
  ['v3oauth2mtlsclientcredential', null],
  ['v3oidcauthcode', null],
  ['v3oidcclientcredentials', null],
  ['v3oidcdeviceauthz', null],
  ['v3oidcpassword', null],
  ['v3samlpassword', null],
  ['v3tokenlessauth', null],
])

const SUPPORTED = 'password, token, v3applicationcredential, v3totp, v3multifactor, v3oidcaccesstoken, none'

const readType = (settings: Settings): ConfiguredAuth['type'] | null => {
  const configured = settings.value('auth_type')
  if (configured === undefined) return 'password'
  const name = configured === null ? '' : readText(configured)
  const type = name === null ? undefined : PLUGINS.get(name)
  if (type === undefined) settings.fault({ what: 'unknown auth_type', hint: `Set auth_type to one of: ${SUPPORTED}` })
  else if (type === null)
    settings.fault({
      what: `imago does not support the auth plugin ${name ?? ''}`,
      hint: `Use an application credential (openstack application credential create), or set auth_type to one of: ${SUPPORTED}`,
    })
  return type ?? null
}

/** An ID takes precedence over a name, as in keystoneauth (`identity/v3/password.py`). */
const toDomainRef = (id: string | null, name: string | null): DomainRef | null => {
  if (id !== null) return { id }
  return name === null ? null : { name }
}

/** Keystone v3 rejects a name without a domain; the default is that of `openstack` (`osc_lib/cli/client_config.py`, `_auth_default_domain`). */
const readDomain = (settings: Settings, of: 'user' | 'project'): DomainRef =>
  toDomainRef(settings.auth(`${of}_domain_id`), settings.auth(`${of}_domain_name`)) ??
  toDomainRef(settings.auth('default_domain_id'), settings.auth('default_domain_name')) ?? {
    id: settings.auth('default_domain') ?? 'default',
  }

const readUser = (settings: Settings): DomainMemberRef | null => {
  const id = settings.auth('user_id')
  if (id !== null) return { id }
  const name = settings.auth('username', 'user_name')
  return name === null ? null : { name, domain: readDomain(settings, 'user') }
}

/** Reports a missing setting, or the missing `auth_type` if the credentials of another type are present. */
const reportMissing = (settings: Settings, name: string, hint: string): void => {
  const suggestion = suggestAuthType(settings)
  if (suggestion === null) settings.missing(name, hint)
  else settings.missing('auth_type', suggestion)
}

const requiredUser = (settings: Settings): DomainMemberRef => {
  const user = readUser(settings)
  if (user === null) reportMissing(settings, 'username', 'Set auth.username or auth.user_id')
  return user ?? { id: '' }
}

/** Detects a missing `auth_type` from the keys that are present. */
const suggestAuthType = (settings: Settings): string | null => {
  if (settings.value('auth_type') !== undefined) return null
  if (settings.auth('application_credential_secret') !== null)
    return 'To use the application credential, set auth_type to v3applicationcredential'
  return settings.auth('token') === null ? null : 'To use the token, set auth_type to token'
}

const requiredSecret = (settings: Settings, key: string): Secret => {
  const before = settings.faults.length
  const secret = settings.auth(key)
  if (secret === null && settings.faults.length === before)
    reportMissing(settings, key, `Set auth.${key}, best in a secure.yaml`)
  return new Secret(secret ?? '')
}

const requireText = (settings: Settings, key: string): string => {
  const before = settings.faults.length
  const text = settings.auth(key)
  if (text === null && settings.faults.length === before) settings.missing(key, `Set auth.${key}`)
  return text ?? ''
}

const requiredUrl = (settings: Settings): string => {
  const before = settings.faults.length
  const url = settings.authUrl()
  if (url === null && settings.faults.length === before)
    settings.missing('auth_url', 'Set auth.auth_url to the address of Keystone')
  return url ?? ''
}

const readCredential = (
  settings: Settings,
): (AuthMethod & { readonly method: 'application_credential' })['credential'] => {
  const id = settings.auth('application_credential_id')
  if (id !== null) return { id }
  const name = settings.auth('application_credential_name')
  if (name !== null) return { name, user: requiredUser(settings) }
  settings.missing(
    'application_credential_id',
    'Set auth.application_credential_id, or application_credential_name and the user',
  )
  return { id: '' }
}

type MethodName = AuthMethod['method']

const readMethod = (name: MethodName, settings: Settings): AuthMethod => {
  switch (name) {
    case 'password':
      return {
        method: 'password',
        user: requiredUser(settings),
        password: requiredSecret(settings, 'password'),
      }
    case 'token':
      return { method: 'token', token: requiredSecret(settings, 'token') }
    case 'application_credential':
      return {
        method: 'application_credential',
        credential: readCredential(settings),
        secret: requiredSecret(settings, 'application_credential_secret'),
      }
    case 'totp': {
      const passcode = settings.auth('passcode')
      return { method: 'totp', user: requiredUser(settings), passcode: passcode === null ? null : new Secret(passcode) }
    }
  }
}

/** Plugins that `auth_methods` of v3multifactor may name. */
const METHODS: ReadonlyMap<string, MethodName> = new Map([
  ['v3password', 'password'],
  ['v3token', 'token'],
  ['v3totp', 'totp'],
  ['v3applicationcredential', 'application_credential'],
])

const readMethods = (settings: Settings): readonly AuthMethod[] => {
  const names = toList(settings.authList('auth_methods')).map((name) => METHODS.get(name))
  const known = names.filter((name) => name !== undefined)
  const hint = `Set auth_methods to some of ${[...METHODS.keys()].join(', ')}`
  if (names.length === 0) settings.missing('auth_methods', hint)
  else if (known.length < names.length) settings.fault({ what: 'unknown method in auth_methods', hint })
  return known.map((name) => readMethod(name, settings))
}

const readProject = (settings: Settings): DomainMemberRef | null => {
  const id = settings.auth('project_id', 'tenant_id')
  if (id !== null) return { id }
  const name = settings.auth('project_name', 'tenant_name')
  return name === null ? null : { name, domain: readDomain(settings, 'project') }
}

/** At most one of project, domain, trust and system (`keystoneauth1/identity/v3/base.py`). */
const readScope = (settings: Settings): Scope | null => {
  const project = readProject(settings)
  const domain = toDomainRef(settings.auth('domain_id'), settings.auth('domain_name'))
  const trust = settings.auth('trust_id')
  const system = settings.auth('system_scope')
  const scopes = [
    project === null ? null : ({ kind: 'project', project } as const),
    domain === null ? null : ({ kind: 'domain', domain } as const),
    trust === null ? null : ({ kind: 'trust', id: trust } as const),
    system === null ? null : ({ kind: 'system' } as const),
  ].filter((scope) => scope !== null)
  if (scopes.length > 1)
    settings.fault({
      what: `more than one scope is set: ${scopes.map(({ kind }) => kind).join(', ')}`,
      hint: 'Keep one of them',
    })
  if (system !== null && system !== 'all')
    settings.fault({ what: 'invalid system_scope', hint: 'Set system_scope to all, the only value of Keystone' })
  return scopes[0] ?? null
}

const keystone = (type: KeystoneAuth['type'], settings: Settings): KeystoneAuth => {
  const url = requiredUrl(settings)
  switch (type) {
    case 'password':
      return { kind: 'keystone', type, url, methods: [readMethod('password', settings)], scope: readScope(settings) }
    case 'token':
      return { kind: 'keystone', type, url, methods: [readMethod('token', settings)], scope: readScope(settings) }
    case 'v3totp':
      return { kind: 'keystone', type, url, methods: [readMethod('totp', settings)], scope: readScope(settings) }
    case 'v3multifactor':
      return { kind: 'keystone', type, url, methods: readMethods(settings), scope: readScope(settings) }
    case 'v3applicationcredential':
      // Keystone rejects an explicit scope for an application credential, so a configured one is dropped.
      return { kind: 'keystone', type, url, methods: [readMethod('application_credential', settings)], scope: null }
  }
}

const oidc = (settings: Settings): OidcAuth => ({
  kind: 'oidc',
  type: 'v3oidcaccesstoken',
  url: requiredUrl(settings),
  identityProvider: requireText(settings, 'identity_provider'),
  protocol: requireText(settings, 'protocol'),
  accessToken: requiredSecret(settings, 'access_token'),
  scope: readScope(settings),
})

const NONE: ConfiguredAuth = { kind: 'none', type: 'none' }

/** Reads the login settings. Missing or unsupported settings are recorded as faults; the returned value must then not be used. */
export const readAuth = (settings: Settings): ConfiguredAuth => {
  const type = readType(settings)
  if (type === null || type === 'none') return NONE
  return type === 'v3oidcaccesstoken' ? oidc(settings) : keystone(type, settings)
}
