import { createHetznerSource, hetznerRetry } from '@imago/adapter-hetzner'
import type { HetznerCloud } from '@imago/config'
import { createHttpClient, rateLimit, type Connection, type HttpClient } from '@imago/http'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Access } from './access.ts'
import { rescueOf } from './rescue.ts'

const clientOf = ({ endpoint, token }: HetznerCloud, connection: Connection): HttpClient =>
  createHttpClient({
    ...connection,
    base: endpoint,
    credential: {
      belongsTo: (origin) => origin === new URL(endpoint).origin,
      grant: () => TE.fromIO(() => ({ headers: { authorization: `Bearer ${token.reveal()}` }, expiresAtMs: null })),
      renew: null,
    },
    retry: hetznerRetry,
    rateLimit: rateLimit({ ...connection.timing, refill: 'gradually', onPause: connection.onPause }),
  })

/** A project of Hetzner Cloud. Its API says neither whose a token is, nor which project it opens. */
export const hetznerAccess = (cloud: HetznerCloud, connection: Connection): Access => {
  const { name, endpoint, token } = cloud
  const source = createHetznerSource({ name, endpoint, token, connection, rescue: rescueOf(cloud) })
  return {
    source,
    check: ({ signal }) =>
      pipe(
        source.listPage({}, null, { signal, pageSize: 1 }),
        TE.map(() => ({ user: null, project: null, roles: [], expiresAt: null, services: [{ service: 'api', url: endpoint, versions: /\/(v\d+)$/.exec(endpoint)?.slice(1) ?? [], error: null }] })),
      ),
    client: () => clientOf(cloud, connection),
  }
}
