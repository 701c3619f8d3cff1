import { getFieldValue, textField } from '../body.ts'
import type { Identity } from './authenticate.ts'
import { rolesImpliedBy, type Directory, type Domain, type Project, type RoleName } from './directory.ts'
import { expecting, forbidden, idOrName, keystoneError, unauthorized } from './refusal.ts'
import type { Scope } from './tokens.ts'

export interface Scoped {
  readonly scope: Scope
  readonly roles: readonly RoleName[]
}

const UNSCOPED: Scoped = { scope: { kind: 'unscoped' }, roles: [] }

const findDomain = (directory: Directory, reference: unknown): Domain | undefined =>
  directory.domains.find(({ id, name }) => id === textField(reference, 'id') || name === textField(reference, 'name'))

const findProject = (directory: Directory, reference: unknown): Project | undefined => {
  const id = textField(reference, 'id')
  if (id !== undefined) return directory.projects.find((project) => project.id === id)
  const domain = findDomain(directory, getFieldValue(reference, 'domain'))
  return directory.projects.find(
    (project) => project.name === textField(reference, 'name') && project.domain.id === domain?.id,
  )
}

/** A missing scope and a forbidden one are both 401, so that callers cannot tell them apart. */
const granted = (scope: Scope | undefined, role: RoleName | null | undefined): Scoped => {
  if (scope === undefined || role === undefined || role === null) throw unauthorized()
  return { scope, roles: rolesImpliedBy(role) }
}

const inProject = (project: Project | undefined, { user }: Identity): Scoped =>
  granted(project && { kind: 'project', project }, project && user.projects[project.id])

const byTrust = (directory: Directory, id: string | undefined, { user }: Identity): Scoped => {
  const trust = directory.trusts.find((each) => each.id === id)
  if (trust !== undefined && trust.trusteeId !== user.id) throw forbidden('identity:get_trust')
  const project = directory.projects.find((each) => each.id === trust?.projectId)
  return granted(trust && project && { kind: 'trust', trust, project }, trust?.role)
}

const KINDS = ['system', 'project', 'domain', 'OS-TRUST:trust', 'unscoped'] as const

const isNamed = (reference: unknown): boolean =>
  getFieldValue(reference, 'id') !== undefined || getFieldValue(reference, 'name') !== undefined

/** Refuses a scope that is empty, ambiguous or incomplete. */
export const refuseVagueScope = (scope: unknown): void => {
  if (scope === undefined || scope === 'unscoped') return
  const kinds = KINDS.filter((kind) => getFieldValue(scope, kind) !== undefined)
  if (kinds.length !== 1) throw expecting('system, project, domain, OS-TRUST:trust or unscoped', 'scope')
  const project = getFieldValue(scope, 'project')
  const domain = getFieldValue(scope, 'domain')
  if (project !== undefined && !isNamed(project)) throw idOrName('scope/project')
  if (
    project !== undefined &&
    getFieldValue(project, 'id') === undefined &&
    getFieldValue(project, 'domain') === undefined
  )
    throw expecting('domain', 'project')
  if (domain !== undefined && !isNamed(domain)) throw idOrName('scope/domain')
}

/** Returns the scope of a token. Without `scope`, it is the user's default project, if there is one. */
export const resolveScope = (directory: Directory, scope: unknown, identity: Identity): Scoped => {
  const { user, applicationCredential } = identity
  if (applicationCredential !== null) {
    if (scope !== undefined) {
      throw keystoneError(
        401,
        'Error authenticating with application credential: Application credentials cannot request a scope.',
        { identity: {} },
      )
    }
    const project = directory.projects.find(({ id }) => id === applicationCredential.projectId)
    return granted(project && { kind: 'project', project }, applicationCredential.role)
  }
  if (scope === 'unscoped' || getFieldValue(scope, 'unscoped') !== undefined) return UNSCOPED
  if (scope === undefined || scope === null) {
    // A token exchange without a scope returns an unscoped token, which can list projects.
    return user.defaultProject === null || identity.token !== null
      ? UNSCOPED
      : inProject(
          directory.projects.find(({ id }) => id === user.defaultProject),
          identity,
        )
  }
  const trust = getFieldValue(scope, 'OS-TRUST:trust')
  if (trust !== undefined) return byTrust(directory, textField(trust, 'id'), identity)
  if (getFieldValue(scope, 'system') !== undefined) return granted({ kind: 'system' }, user.system)
  const domain = findDomain(directory, getFieldValue(scope, 'domain'))
  if (getFieldValue(scope, 'domain') !== undefined)
    return granted(domain && { kind: 'domain', domain }, domain && user.domains[domain.id])
  return inProject(findProject(directory, getFieldValue(scope, 'project')), identity)
}
