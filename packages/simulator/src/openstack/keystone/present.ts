import { inKeystone } from '../instants.ts'
import type { CatalogService } from './catalog.ts'
import type { Directory, Project, User } from './directory.ts'
import { getProject, type Token } from './tokens.ts'

const scopeKeys = (token: Token): Readonly<Record<string, unknown>> => {
  const project = getProject(token)
  const inProject = project && {
    project: { domain: project.domain, id: project.id, name: project.name },
    is_domain: false,
  }
  switch (token.scope.kind) {
    case 'project':
      return { ...inProject }
    case 'trust': {
      const { id, impersonation, trustorId, trusteeId } = token.scope.trust
      return {
        ...inProject,
        'OS-TRUST:trust': { id, impersonation, trustor_user: { id: trustorId }, trustee_user: { id: trusteeId } },
      }
    }
    case 'domain':
      return { domain: token.scope.domain }
    case 'system':
      return { system: { all: true } }
    case 'unscoped':
      return {}
  }
}

const userKeys = ({ id, name, domain, federation }: User): Readonly<Record<string, unknown>> => ({
  domain,
  id,
  name,
  ...(federation === null
    ? { password_expires_at: null }
    : {
        'OS-FEDERATION': {
          groups: [],
          identity_provider: { id: federation.identityProvider },
          protocol: { id: federation.protocol },
        },
      }),
})

/** Formats a token like Keystone. An unscoped token has no roles and no catalog; `catalog` null: `?nocatalog`. */
export const presentToken = (
  directory: Directory,
  token: Token,
  catalog: readonly CatalogService[] | null,
): unknown => ({
  token: {
    methods: token.methods,
    user: userKeys(token.user),
    audit_ids: token.auditIds,
    expires_at: inKeystone(token.expiresAt),
    issued_at: inKeystone(token.issuedAt),
    ...scopeKeys(token),
    ...(token.scope.kind === 'unscoped'
      ? {}
      : {
          roles: directory.roles.filter(({ name }) => token.roles.includes(name)),
          ...(catalog === null ? {} : { catalog }),
        }),
    ...(token.applicationCredential === null
      ? {}
      : {
          application_credential: {
            id: token.applicationCredential.id,
            name: token.applicationCredential.name,
            restricted: token.applicationCredential.restricted,
          },
        }),
  },
})

export const presentProject = (root: string, project: Project): unknown => ({
  id: project.id,
  name: project.name,
  domain_id: project.domain.id,
  description: project.description,
  enabled: true,
  parent_id: project.domain.id,
  is_domain: false,
  tags: [],
  options: {},
  links: { self: `${root}/projects/${project.id}` },
})

export const presentUser = (root: string, user: User): unknown => ({
  id: user.id,
  name: user.name,
  domain_id: user.domain.id,
  enabled: true,
  password_expires_at: null,
  options: {},
  ...(user.defaultProject === null ? {} : { default_project_id: user.defaultProject }),
  links: { self: `${root}/users/${user.id}` },
})

export const presentVersion = (root: string): unknown => ({
  id: 'v3.14',
  status: 'stable',
  updated: '2020-04-07T00:00:00Z',
  links: [{ rel: 'self', href: `${root}/` }],
  'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.identity-v3+json' }],
})
