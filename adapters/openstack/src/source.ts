import { capabilitiesOf, type CapabilityName, type ImageSource } from '@imago/core'
import { createCaller } from './api/call.ts'
import { apiOf } from './api/index.ts'
import { DECLARED } from './capabilities.ts'
import type { OpenstackOptions } from './options.ts'
import { createSession, type Session } from './session.ts'
import { imageOf, withId, type SourceContext } from './source/context.ts'
import { create } from './source/create.ts'
import { listPage } from './source/list-page.ts'
import { operation, operations } from './source/operations.ts'
import { probe } from './source/probe.ts'
import { remove } from './source/remove.ts'
import { createFromServer } from './source/server-image.ts'
import { servers } from './source/servers.ts'
import { share, shares } from './source/shares.ts'
import { deactivate, hide, protect, setVisibility, update } from './source/update.ts'

/** The images of a cloud that one has a session with. `clock`: milliseconds since the epoch. */
export const openstackSourceOf = (session: Session, clock?: () => number): ImageSource => {
  const { cloud } = session
  const caller = createCaller(session, clock)
  const context: SourceContext = { session, cloud, caller, api: apiOf(caller, cloud) }
  const methods: Pick<ImageSource, CapabilityName> = {
    update: update(context),
    remove: remove(context),
    protect: protect(context),
    hide: hide(context),
    deactivate: deactivate(context),
    setVisibility: setVisibility(context),
    shares: shares(context),
    share: share(context),
    servers: servers(context),
    createFromServer: createFromServer(context),
    create: create(context),
    operations: operations(context),
    operation: operation(context),
  }
  const capabilities = capabilitiesOf(methods, DECLARED)
  return {
    cloud,
    capabilities,
    probe: probe(context, capabilities),
    get: (id, options = {}) => withId(context, 'get', options)(id, imageOf(context, 'get', id, options)),
    listPage: listPage(context),
    ...methods,
  }
}

/** The images of an OpenStack cloud. Nothing is asked, and nobody logs in, before it is needed. */
export const createOpenstackSource = (options: OpenstackOptions): ImageSource => openstackSourceOf(createSession(options), options.connection.timing.clock)
