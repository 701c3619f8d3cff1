import type { AccountReport, Connector, LiveCloud, ServiceState } from '@imago/provider-kit'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { createOpenstackApiFrom, type OpenstackApi } from './api/index.ts'
import type { ServiceReport } from './auth/report.ts'
import type { DomainMember, Named, TokenInfo } from './auth/token-info.ts'
import type { OpenstackSettings } from './config/cloud.ts'
import type { ServiceKey } from './options.ts'
import { createOpenstackSession, type OpenstackSession } from './session.ts'
import { createOpenstackSourceFrom } from './source.ts'

/** One region. Source, API and raw requests share a session and its login. */
export interface OpenstackLiveCloud extends LiveCloud {
  readonly api: OpenstackApi
  readonly session: OpenstackSession
}

const nameOrId = (named: Named | null): string | null => named?.name ?? named?.id ?? null

/** `demo (Default)`: names are unique only within a domain. */
const memberWord = (member: DomainMember | null): string | null => {
  const domain = nameOrId(member?.domain ?? null)
  const word = nameOrId(member)
  return word === null || domain === null ? word : `${word} (${domain})`
}

const scopeWord = ({ project, domain, isSystem }: TokenInfo): string | null => {
  if (isSystem) return 'system'
  return project === null ? (domain === null ? null : `domain ${nameOrId(domain) ?? ''}`) : memberWord(project)
}

const toState = ({ service, endpoint, versions, error }: ServiceReport): ServiceState => ({
  service,
  url: endpoint?.url ?? null,
  versions: (versions ?? []).map(({ id }) => id),
  error,
})

const toReport = (info: TokenInfo, services: readonly ServiceReport[]): AccountReport => ({
  user: memberWord(info.user),
  project: scopeWord(info),
  roles: info.roles,
  expiresAt: info.expiresAt,
  services: services.map(toState),
})

/** Opens regions of OpenStack clouds. */
export const connector: Connector<OpenstackSettings, OpenstackLiveCloud> = {
  open: ({ name, region, timeoutMs, settings }, connection) => {
    const session = createOpenstackSession({ name, region: { name: region, timeoutMs, ...settings }, connection })
    const source = createOpenstackSourceFrom(session, connection.timing, settings.prices)
    const clients = new Map<string, OpenstackSession['image']>([
      ['image', session.image],
      ['compute', session.compute],
      ['identity', session.keystone],
    ] satisfies readonly (readonly [ServiceKey, unknown])[])
    return {
      source,
      api: createOpenstackApiFrom(session, connection.timing.clock),
      session,
      check: (options) =>
        pipe(
          session.identity(options),
          TE.bindTo('info'),
          TE.bind('services', () => session.services(options)),
          TE.tap(() => source.listPage({}, null, { ...options, pageSize: 1 })),
          TE.map(({ info, services }) => toReport(info, services)),
        ),
      client: (service) => clients.get(service ?? 'image') ?? null,
    }
  },
}
