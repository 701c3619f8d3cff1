import { toHexId } from '../ids.ts'

export interface Domain {
  readonly id: string
  readonly name: string
}

export interface Project {
  readonly id: string
  readonly name: string
  readonly domain: Domain
  readonly description: string
}

export type RoleName = 'admin' | 'member' | 'reader'

export interface Role {
  readonly id: string
  readonly name: RoleName
}

export interface User {
  readonly id: string
  readonly name: string
  readonly domain: Domain
  /** Null: a federated user without a password. */
  readonly password: string | null
  /** The constant TOTP passcode. Null: no TOTP for this user. */
  readonly passcode: string | null
  /** The combinations of methods that a login requires. Empty: any single method. */
  readonly required: readonly (readonly string[])[]
  readonly defaultProject: string | null
  readonly projects: Readonly<Record<string, RoleName>>
  readonly domains: Readonly<Record<string, RoleName>>
  readonly system: RoleName | null
  /** The identity provider of a federated user, and a valid access token. */
  readonly federation: {
    readonly identityProvider: string
    readonly protocol: string
    readonly accessToken: string
  } | null
}

export interface ApplicationCredential {
  readonly id: string
  readonly name: string
  readonly secret: string
  readonly userId: string
  readonly projectId: string
  readonly role: RoleName
  readonly restricted: boolean
}

export interface Trust {
  readonly id: string
  readonly trustorId: string
  readonly trusteeId: string
  readonly projectId: string
  readonly role: RoleName
  readonly impersonation: boolean
}

export interface Directory {
  readonly domains: readonly Domain[]
  readonly projects: readonly Project[]
  readonly roles: readonly Role[]
  readonly users: readonly User[]
  readonly applicationCredentials: readonly ApplicationCredential[]
  readonly trusts: readonly Trust[]
}

const DEFAULT: Domain = { id: 'default', name: 'Default' }
const FEDERATED: Domain = { id: toHexId('domain/federated'), name: 'Federated' }

const project = (name: string, description = ''): Project => ({
  id: toHexId(`project/${name}`),
  name,
  domain: DEFAULT,
  description,
})

const ADMIN = project('admin', 'Bootstrap project for initializing the cloud.')
const DEMO = project('demo')
const OTHER = project('other')

const user = (name: string, more: Partial<User>): User => ({
  id: toHexId(`user/${name}`),
  name,
  domain: DEFAULT,
  password: `${name}-password`,
  passcode: null,
  required: [],
  defaultProject: null,
  projects: {},
  domains: {},
  system: null,
  federation: null,
  ...more,
})

/** The initial users. Their passwords are their names with `-password`; they are not secret. */
export const DIRECTORY: Directory = {
  domains: [DEFAULT, FEDERATED],
  projects: [ADMIN, DEMO, OTHER],
  roles: (['admin', 'member', 'reader'] as const).map((name) => ({ id: toHexId(`role/${name}`), name })),
  users: [
    user('admin', { projects: { [ADMIN.id]: 'admin' }, domains: { default: 'admin' }, system: 'admin' }),
    user('demo', { defaultProject: DEMO.id, projects: { [DEMO.id]: 'member' } }),
    user('other', { projects: { [OTHER.id]: 'member' } }),
    user('reader', { projects: { [DEMO.id]: 'reader' } }),
    user('alice', { projects: { [DEMO.id]: 'member', [OTHER.id]: 'member' } }),
    user('totp', { passcode: '123456', projects: { [DEMO.id]: 'member' } }),
    user('mfa', { passcode: '123456', required: [['password', 'totp']], projects: { [DEMO.id]: 'member' } }),
    user('federated', {
      domain: FEDERATED,
      password: null,
      projects: { [DEMO.id]: 'member' },
      federation: { identityProvider: 'simulated-idp', protocol: 'openid', accessToken: 'simulated-access-token' },
    }),
  ],
  applicationCredentials: [
    {
      id: toHexId('application-credential/demo'),
      name: 'demo-application-credential',
      secret: 'demo-application-credential-secret',
      userId: toHexId('user/demo'),
      projectId: DEMO.id,
      role: 'member',
      restricted: true,
    },
  ],
  trusts: [
    {
      id: toHexId('trust/demo-to-other'),
      trustorId: toHexId('user/demo'),
      trusteeId: toHexId('user/other'),
      projectId: DEMO.id,
      role: 'member',
      impersonation: false,
    },
  ],
}

const IMPLIED: Readonly<Record<RoleName, readonly RoleName[]>> = {
  admin: ['admin', 'member', 'reader'],
  member: ['member', 'reader'],
  reader: ['reader'],
}

/** Admin implies member, and member implies reader. */
export const rolesImpliedBy = (role: RoleName): readonly RoleName[] => IMPLIED[role]
