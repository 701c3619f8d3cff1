import { createSession, openstackSourceOf, type DomainMember, type Named, type ServiceReport, type TokenInfo } from '@imago/adapter-openstack'
import type { OpenstackCloud, OpenstackRegion } from '@imago/config'
import type { Connection } from '@imago/http'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Access, AccountReport, ServiceState } from './access.ts'

const wordOf = (named: Named | null): string | null => named?.name ?? named?.id ?? null

/** `demo (Default)`: a name means something only within its domain. */
const memberWord = (member: DomainMember | null): string | null => {
  const domain = wordOf(member?.domain ?? null)
  const word = wordOf(member)
  return word === null || domain === null ? word : `${word} (${domain})`
}

const scopeWord = ({ project, domain, isSystem }: TokenInfo): string | null => {
  if (isSystem) return 'system'
  return project === null ? (domain === null ? null : `domain ${wordOf(domain) ?? ''}`) : memberWord(project)
}

const stateOf = ({ service, endpoint, versions, error }: ServiceReport): ServiceState => ({ service, url: endpoint?.url ?? null, versions: (versions ?? []).map(({ id }) => id), error })

const reportOf = (info: TokenInfo, services: readonly ServiceReport[]): AccountReport => ({
  user: memberWord(info.user),
  project: scopeWord(info),
  roles: info.roles,
  expiresAt: info.expiresAt,
  services: services.map(stateOf),
})

/** An OpenStack cloud in one region: one login for whatever it is asked. */
export const openstackAccess = ({ name }: OpenstackCloud, region: OpenstackRegion, connection: Connection): Access => {
  const session = createSession({ name, region, connection })
  const source = openstackSourceOf(session, connection.timing)
  const clients = { image: session.image, compute: session.compute, identity: session.keystone }
  return {
    source,
    check: (options) =>
      pipe(
        session.identity(options),
        TE.bindTo('info'),
        TE.bind('services', () => session.services(options)),
        TE.tap(() => source.listPage({}, null, { ...options, pageSize: 1 })),
        TE.map(({ info, services }) => reportOf(info, services)),
      ),
    client: (service) => clients[service],
  }
}
