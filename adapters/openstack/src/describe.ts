import type { CloudRow } from '@imago/provider-kit'
import type { OpenstackCloud, OpenstackSettings } from './config/cloud.ts'

const nameOrId = (ref: { readonly id: string } | { readonly name: string }): string => ('id' in ref ? ref.id : ref.name)

const findUser = ({ auth }: OpenstackSettings): string | null => {
  if (auth.kind !== 'keystone') return null
  for (const method of auth.methods) {
    if (method.method === 'application_credential') return `credential ${nameOrId(method.credential)}`
    if (method.method !== 'token') return nameOrId(method.user)
  }
  return null
}

const findProject = ({ auth }: OpenstackSettings): string | null => {
  if (auth.kind === 'none' || auth.scope === null) return null
  switch (auth.scope.kind) {
    case 'project':
      return nameOrId(auth.scope.project)
    case 'domain':
      return `domain ${nameOrId(auth.scope.domain)}`
    case 'trust':
      return `trust ${auth.scope.id}`
    case 'system':
      return 'system'
    case 'unscoped':
      return null
  }
}

/** A row of `imago clouds`. The URL is Keystone's, or Glance's without a login. */
export const describe = ({ settings }: OpenstackCloud): CloudRow => ({
  url: settings.auth.kind === 'none' ? settings.services.image.endpointOverride : settings.auth.url,
  user: findUser(settings),
  project: findProject(settings),
  auth: settings.auth.type,
})
