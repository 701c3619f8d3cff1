import { createHetznerSource } from '@imago/adapter-hetzner'
import { createOpenstackSource } from '@imago/adapter-openstack'
import type { Capabilities, CloudIdentity } from '@imago/core'
import { systemTiming, type Connection } from '@imago/http'
import * as TE from 'fp-ts/lib/TaskEither.js'

/** Capabilities, and whose they are. A provider's, where there is no cloud. */
export interface CapabilitiesOf {
  readonly identity: CloudIdentity
  readonly capabilities: Capabilities
}

/** Sends nothing: what an adapter declares it tells without asking. */
const NOWHERE: Connection = { transport: () => TE.left({ _tag: 'Held' }), userAgent: 'imago', timing: systemTiming }

/** What each provider's adapter can ever do. */
export const declaredCapabilities = (): readonly CapabilitiesOf[] =>
  [
    createHetznerSource({ name: null, token: '', connection: NOWHERE }),
    createOpenstackSource({ name: null, region: { name: null, auth: { kind: 'none' } }, connection: NOWHERE }),
  ].map(({ cloud, capabilities }) => ({ identity: cloud, capabilities }))
