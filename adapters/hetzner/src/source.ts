import type { ImageSource } from '@imago/core'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { declared, type OPERATIONS } from './capabilities.ts'
import type { HetznerOptions } from './options.ts'
import { createHetznerSession, type HetznerSession } from './session.ts'
import { createRescueContext } from './rescue/context.ts'
import { createFromBytesOf } from './rescue/create-from-bytes.ts'
import { downloadOf } from './rescue/download.ts'
import { estimateOf } from './rescue/estimate.ts'
import { leftoversOf, removeLeftoverOf } from './rescue/leftovers.ts'
import { createContext, imageOf, withId } from './source/context.ts'
import { createFromServerOf } from './source/server-image.ts'
import { listPageOf } from './source/list-page.ts'
import { operationOf, operationsOf } from './source/operations.ts'
import { probeOf } from './source/probe.ts'
import { protectOf } from './source/protect.ts'
import { removeOf } from './source/remove.ts'
import { serversOf } from './source/servers.ts'
import { updateOf } from './source/update.ts'

/** `createHetznerSource`, by a session that may serve others too. */
export const hetznerSourceOf = (session: HetznerSession): ImageSource => {
  const context = createContext(session)
  const rescue = createRescueContext(context)
  const methods: Required<Pick<ImageSource, (typeof OPERATIONS)[number]>> = {
    update: updateOf(context),
    remove: removeOf(context),
    protect: protectOf(context),
    servers: serversOf(context),
    createFromServer: createFromServerOf(context),
    download: downloadOf(rescue),
    createFromBytes: createFromBytesOf(rescue),
    estimate: estimateOf(rescue),
    leftovers: leftoversOf(rescue),
    removeLeftover: removeLeftoverOf(rescue),
    operations: operationsOf(context),
    operation: operationOf(context),
  }
  return {
    cloud: context.session.cloud,
    capabilities: declared,
    probe: probeOf(context, declared),
    get: (id, { signal } = {}) => withId(context, { operation: 'get', kind: 'image', id, signal }, (number) => pipe(context.images.get(number, { operation: 'get', signal }), TE.map(imageOf))),
    listPage: listPageOf(context),
    ...methods,
  }
}

/**
 * The images of one project of Hetzner Cloud: Hetzner's own, and the project's snapshots and backups. Asks nothing until it is asked.
 * Deprecated images are listed as others are; `deprecated: false` leaves them out.
 */
export const createHetznerSource = (options: HetznerOptions): ImageSource => hetznerSourceOf(createHetznerSession(options))
