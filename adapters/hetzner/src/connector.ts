import type { Connector, LiveCloud } from '@imago/provider-kit'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { createHetznerApiFrom, type HetznerApi } from './api/index.ts'
import type { HetznerSettings } from './config/cloud.ts'
import { createHetznerSession, type HetznerSession } from './session.ts'
import { createHetznerSourceFrom } from './source.ts'

/** One project. Source, API and raw requests share one session, and so one token and one rate limit. */
export interface HetznerLiveCloud extends LiveCloud {
  readonly api: HetznerApi
  readonly session: HetznerSession
}

/** The version is at the end of the endpoint. */
const findVersions = (endpoint: string): readonly string[] => /\/(v\d+)$/.exec(endpoint)?.slice(1) ?? []

/** Opens projects of Hetzner Cloud. */
export const connector: Connector<HetznerSettings, HetznerLiveCloud> = {
  open: ({ name, settings: { endpoint, token, rescue } }, connection) => {
    const { location, serverType, sshPort } = rescue
    const session = createHetznerSession({
      name,
      endpoint,
      token,
      connection,
      rescue: { location: location ?? undefined, serverType: serverType ?? undefined, sshPort: sshPort ?? undefined },
    })
    const source = createHetznerSourceFrom(session)
    return {
      source,
      api: createHetznerApiFrom(session),
      session,
      // The API reports neither the user nor the project of a token.
      check: ({ signal } = {}) =>
        pipe(
          source.listPage({}, null, { signal, pageSize: 1 }),
          TE.map(() => ({
            user: null,
            project: null,
            roles: [],
            expiresAt: null,
            services: [{ service: 'api', url: endpoint, versions: findVersions(endpoint), error: null }],
          })),
        ),
      client: (service) => (service === null ? session.client : null),
    }
  },
}
