import type { ImageSource } from '@imago/core/provider'
import { declared, type OPERATIONS } from './capabilities.ts'
import type { HetznerOptions } from './options.ts'
import { createHetznerSession, type HetznerSession } from './session.ts'
import { createRescueContext } from './rescue/context.ts'
import { createFromBytes } from './rescue/create-from-bytes.ts'
import { download } from './rescue/download.ts'
import { estimate } from './rescue/estimate.ts'
import { listOrphans, deleteOrphan } from './rescue/orphans.ts'
import { createContext, fetchImage, withId } from './source/context.ts'
import { createFromServer } from './source/server-image.ts'
import { listPage } from './source/list-page.ts'
import { operation, operations } from './source/operations.ts'
import { prices } from './source/prices.ts'
import { probe } from './source/probe.ts'
import { protect } from './source/protect.ts'
import { deleteImage } from './source/delete.ts'
import { servers } from './source/servers.ts'
import { update } from './source/update.ts'
import { usage } from './source/usage.ts'

/** `createHetznerSource` for a session that is shared. */
export const createHetznerSourceFrom = (session: HetznerSession): ImageSource => {
  const context = createContext(session)
  const rescue = createRescueContext(context)
  const list = listPage(context)
  const methods: Required<Pick<ImageSource, (typeof OPERATIONS)[number]>> = {
    update: update(context),
    delete: deleteImage(context),
    protect: protect(context),
    servers: servers(context),
    createFromServer: createFromServer(context),
    download: download(rescue),
    createFromBytes: createFromBytes(rescue),
    estimate: estimate(rescue),
    orphans: listOrphans(rescue),
    deleteOrphan: deleteOrphan(rescue),
    operations: operations(context),
    operation: operation(context),
    usage: usage(context, { cloud: session.cloud, capabilities: declared, listPage: list }),
    prices: prices(context),
  }
  return {
    cloud: context.session.cloud,
    capabilities: declared,
    probe: probe(context, declared),
    get: (id, { signal } = {}) =>
      withId(context, { operation: 'get', kind: 'image', id, signal }, (number) =>
        fetchImage(context, number, { operation: 'get', signal }),
      ),
    listPage: list,
    ...methods,
  }
}

/**
 * The images of one project of Hetzner Cloud: Hetzner's images, and the project's snapshots and backups. Sends no request yet.
 * Lists include deprecated images unless `deprecated` is `false`.
 */
export const createHetznerSource = (options: HetznerOptions): ImageSource =>
  createHetznerSourceFrom(createHetznerSession(options))
