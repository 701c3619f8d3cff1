import { createRecordReader } from '@imago/provider-kit/live'
import { HetznerImage } from '@imago/schema-hetzner'
import type { HetznerOptions } from '../options.ts'
import { createHetznerSession, type HetznerSession } from '../session.ts'
import { actionsApi, type ActionsApi } from './actions.ts'
import { imagesApi, type ImagesApi } from './images.ts'
import { isosApi, type IsosApi } from './isos.ts'
import { locationsApi, type LocationsApi } from './locations.ts'
import { pricingApi, type PricingApi } from './pricing.ts'
import { serverTypesApi, type ServerTypesApi } from './server-types.ts'
import { serversApi, type ServersApi } from './servers.ts'
import { sshKeysApi, type SshKeysApi } from './ssh-keys.ts'

/**
 * Hetzner Cloud's API for images, typed. Each call is one request, apart from retries, and its response is decoded.
 * Lists return one page; `pagination.next_page` is the number of the next one.
 */
export interface HetznerApi {
  readonly images: ImagesApi<HetznerImage>
  readonly actions: ActionsApi
  readonly isos: IsosApi
  readonly servers: ServersApi<HetznerImage>
  readonly serverTypes: ServerTypesApi
  readonly sshKeys: SshKeysApi
  readonly locations: LocationsApi
  readonly pricing: PricingApi
}

/** `createHetznerApi` for a session that is shared. */
export const createHetznerApiFrom = (session: HetznerSession): HetznerApi => {
  const readImage = createRecordReader('hetzner', HetznerImage)
  return {
    images: imagesApi(session, readImage),
    actions: actionsApi(session),
    isos: isosApi(session),
    servers: serversApi(session, readImage),
    serverTypes: serverTypesApi(session),
    sshKeys: sshKeysApi(session),
    locations: locationsApi(session),
    pricing: pricingApi(session),
  }
}

/** The API of one project. Sends no request yet. */
export const createHetznerApi = (options: HetznerOptions): HetznerApi =>
  createHetznerApiFrom(createHetznerSession(options))
