import type { Directory, User } from './keystone/directory.ts'

type Yaml = string | readonly string[] | { readonly [key: string]: Yaml }

const print = (value: Yaml, indent: string): string => {
  if (typeof value === 'string') return ` ${JSON.stringify(value)}\n`
  if (Array.isArray(value)) return `\n${value.map((each) => `${indent}- ${JSON.stringify(each)}\n`).join('')}`
  return `\n${Object.entries(value)
    .map(([key, each]) => `${indent}${key}:${print(each, `${indent}  `)}`)
    .join('')}`
}

const userKeys = ({ name, domain }: User): { readonly [key: string]: Yaml } => ({
  username: name,
  user_domain_name: domain.name,
})

const IN_DEMO = { project_name: 'demo', project_domain_name: 'Default' }

/** Creates a clouds.yaml with one entry per authentication method. */
export const cloudsYaml = (
  authUrl: string,
  region: string,
  otherRegions: readonly string[],
  directory: Directory,
): string => {
  const named = (name: string): User => {
    const user = directory.users.find((each) => each.name === name)
    if (user === undefined) throw new Error(`no user ${name}`)
    return user
  }
  const cloud = (
    auth: { readonly [key: string]: Yaml },
    more: { readonly [key: string]: Yaml } = {},
  ): { readonly [key: string]: Yaml } => ({
    auth: { auth_url: authUrl, ...auth },
    region_name: region,
    ...more,
  })
  const password = (name: string, scope: { readonly [key: string]: Yaml }, more?: { readonly [key: string]: Yaml }) =>
    cloud({ ...userKeys(named(name)), password: named(name).password ?? '', ...scope }, more)
  const inProject = (name: string): { readonly [key: string]: Yaml } => ({
    project_name: name,
    project_domain_name: 'Default',
  })
  const [credential] = directory.applicationCredentials
  const [trust] = directory.trusts
  const { federation } = named('federated')

  const clouds: { readonly [name: string]: Yaml } = {
    simulator: password('demo', IN_DEMO),
    'simulator-other': password('other', inProject('other')),
    'simulator-reader': password('reader', IN_DEMO),
    'simulator-admin': password('admin', inProject('admin')),
    'simulator-system': password('admin', { system_scope: 'all' }),
    ...Object.fromEntries(
      otherRegions.map((other) => [
        `simulator-${other.toLowerCase()}`,
        password('demo', IN_DEMO, { region_name: other }),
      ]),
    ),
    'simulator-application-credential': cloud(
      { application_credential_id: credential?.id ?? '', application_credential_secret: credential?.secret ?? '' },
      { auth_type: 'v3applicationcredential' },
    ),
    'simulator-trust': password('other', { trust_id: trust?.id ?? '' }, { auth_type: 'v3password' }),
    'simulator-totp': cloud(
      { ...userKeys(named('totp')), passcode: named('totp').passcode ?? '', ...IN_DEMO },
      { auth_type: 'v3totp' },
    ),
    'simulator-multifactor': password(
      'mfa',
      { passcode: named('mfa').passcode ?? '', ...IN_DEMO },
      { auth_type: 'v3multifactor', auth_methods: ['v3password', 'v3totp'] },
    ),
    'simulator-oidc': cloud(
      {
        identity_provider: federation?.identityProvider ?? '',
        protocol: federation?.protocol ?? '',
        access_token: federation?.accessToken ?? '',
        ...IN_DEMO,
      },
      { auth_type: 'v3oidcaccesstoken' },
    ),
  }
  return `clouds:${print(clouds, '  ')}`
}
