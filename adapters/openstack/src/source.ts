import type { ImageSource, Prices } from '@imago/core/provider'
import { systemTiming, type Timing } from '@imago/http'
import { createCaller } from './api/call.ts'
import { createApi } from './api/index.ts'
import { declared, declaredWithoutPrices, type OPERATIONS } from './capabilities.ts'
import type { OpenstackOptions } from './options.ts'
import { createOpenstackSession, type OpenstackSession } from './session.ts'
import { fetchImage, withId, type SourceContext } from './source/context.ts'
import { create } from './source/create.ts'
import { download } from './source/download.ts'
import { copyToStore, importFromUrl } from './source/imports.ts'
import { listOrphans, deleteOrphan } from './source/orphans.ts'
import { listPage } from './source/list-page.ts'
import { operation, operations } from './source/operations.ts'
import { owner } from './source/owner.ts'
import { prices } from './source/prices.ts'
import { probe } from './source/probe.ts'
import { deleteImage } from './source/delete.ts'
import { createFromServer } from './source/server-image.ts'
import { servers } from './source/servers.ts'
import { share, shares } from './source/shares.ts'
import { deactivate, hide, protect, setVisibility, update } from './source/update.ts'
import { uploadLimits } from './source/upload-limits.ts'
import { usage } from './source/usage.ts'
import { upload } from './source/upload.ts'

/** Creates an image source that uses an existing session. Without `configuredPrices`, prices are not supported. */
export const createOpenstackSourceFrom = (
  session: OpenstackSession,
  timing: Pick<Timing, 'clock' | 'sleep'> = systemTiming,
  configuredPrices?: Prices | null,
): ImageSource => {
  const capabilities = configuredPrices ? declared : declaredWithoutPrices
  const { cloud } = session
  const caller = createCaller(session, timing.clock)
  const context: SourceContext = { session, cloud, caller, api: createApi(caller, cloud), timing }
  const list = listPage(context)
  const methods: Required<Pick<ImageSource, (typeof OPERATIONS)[number]>> = {
    owner: owner(context),
    update: update(context),
    delete: deleteImage(context),
    protect: protect(context),
    hide: hide(context),
    deactivate: deactivate(context),
    setVisibility: setVisibility(context),
    shares: shares(context),
    share: share(context),
    servers: servers(context),
    createFromServer: createFromServer(context),
    create: create(context),
    upload: upload(context),
    download: download(context),
    uploadLimits: uploadLimits(context),
    orphans: listOrphans(context),
    deleteOrphan: deleteOrphan(context),
    importFromUrl: importFromUrl(context),
    copyToStore: copyToStore(context),
    operations: operations(context),
    operation: operation(context),
    usage: usage(context, { cloud, capabilities, listPage: list }),
  }
  return {
    cloud,
    capabilities,
    probe: probe(context, capabilities),
    get: (id, options = {}) => withId(context, 'get', options)(id, fetchImage(context, 'get', id, options)),
    listPage: list,
    ...methods,
    ...(configuredPrices ? { prices: prices(context, configuredPrices) } : {}),
  }
}

/** Creates an image source for an OpenStack cloud. Sends no request; the login happens with the first one. */
export const createOpenstackSource = (options: OpenstackOptions): ImageSource =>
  createOpenstackSourceFrom(createOpenstackSession(options), options.connection.timing, options.region.prices)
