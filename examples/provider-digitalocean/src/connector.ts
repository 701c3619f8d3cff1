import type { AccountReport, Connector, LiveCloud } from '@imago/provider-kit'
import { createRecordReader } from '@imago/provider-kit/live'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { createApi, type DigitalOceanApi } from './api.ts'
import type { DigitalOceanSettings } from './cloud.ts'
import { createSession } from './session.ts'
import { createSource, type DigitalOceanSource } from './source.ts'
import { DigitalOceanImage, type DigitalOceanAccount } from './wire.ts'

/** An account that can be asked. Source, API and raw requests share one token and one rate limit. */
export interface DigitalOceanLiveCloud extends LiveCloud {
  readonly source: DigitalOceanSource
  readonly api: DigitalOceanApi<DigitalOceanImage>
}

const NOBODY: DigitalOceanAccount = {}

/** Opens accounts of DigitalOcean. Sends no request. */
export const connector: Connector<DigitalOceanSettings, DigitalOceanLiveCloud> = {
  open: (cloud, connection) => {
    const session = createSession(cloud, connection)
    const source = createSource(session)
    const api = createApi(session, createRecordReader('digitalocean', DigitalOceanImage))
    const service = { service: 'api', url: cloud.settings.endpoint, versions: ['v2'], error: null }
    return {
      source,
      api,
      check: ({ signal } = {}) =>
        pipe(
          source.listPage({}, null, { signal, pageSize: 1 }),
          TE.flatMap(() => api.account.get({ operation: 'check', signal })),
          // A token may be allowed to read images and nothing else.
          TE.orElse((error) =>
            error._tag === 'Forbidden' && error.operation === 'check' ? TE.right(NOBODY) : TE.left(error),
          ),
          TE.map(({ email, team }): AccountReport => ({
            user: email ?? null,
            project: team?.name ?? null,
            roles: [],
            expiresAt: null,
            services: [service],
          })),
        ),
      client: (name) => (name === null ? session.client : null),
    }
  },
}
