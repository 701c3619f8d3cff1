import type { OpenstackOptions } from '../options.ts'
import { createOpenstackSession } from '../session.ts'
import { actionsApi, type ActionsApi } from './actions.ts'
import { cacheApi, type CacheApi } from './cache.ts'
import { createCaller, type Caller, type Services } from './call.ts'
import { dataApi, type DataApi } from './data.ts'
import { imagesApi, type ImagesApi } from './images.ts'
import { importsApi, type ImportsApi } from './imports.ts'
import { infoApi, type InfoApi } from './info.ts'
import { locationsApi, type LocationsApi } from './locations.ts'
import { membersApi, type MembersApi } from './members.ts'
import { metadefsApi, type MetadefsApi } from './metadefs.ts'
import { schemasApi, type SchemasApi } from './schemas.ts'
import { serversApi, type ServersApi } from './servers.ts'
import { storesApi, type StoresApi } from './stores.ts'
import { tagsApi, type TagsApi } from './tags.ts'
import { tasksApi, type TasksApi } from './tasks.ts'
import { versionsApi, type VersionsApi } from './versions.ts'
import { volumesApi, type VolumesApi } from './volumes.ts'

/** Glance's image requests, Nova's requests that create images, and Cinder's volumes. One member per resource. */
export interface OpenstackApi {
  readonly images: ImagesApi
  readonly data: DataApi
  readonly tags: TagsApi
  readonly members: MembersApi
  readonly actions: ActionsApi
  readonly imports: ImportsApi
  readonly tasks: TasksApi
  readonly info: InfoApi
  readonly stores: StoresApi
  readonly schemas: SchemasApi
  readonly cache: CacheApi
  readonly locations: LocationsApi
  readonly metadefs: MetadefsApi
  readonly versions: VersionsApi
  readonly servers: ServersApi
  readonly volumes: VolumesApi
}

export const createApi = (caller: Caller, cloud: Services['cloud']): OpenstackApi => ({
  images: imagesApi(caller),
  data: dataApi(caller),
  tags: tagsApi(caller),
  members: membersApi(caller),
  actions: actionsApi(caller),
  imports: importsApi(caller),
  tasks: tasksApi(caller),
  info: infoApi(caller),
  stores: storesApi(caller),
  schemas: schemasApi(caller),
  cache: cacheApi(caller),
  locations: locationsApi(caller),
  metadefs: metadefsApi(caller),
  versions: versionsApi(caller),
  servers: serversApi(caller, cloud),
  volumes: volumesApi(caller),
})

/** Creates the typed client for existing services. `clock`: milliseconds since the epoch. */
export const createOpenstackApiFrom = (services: Services, clock?: () => number): OpenstackApi =>
  createApi(createCaller(services, clock), services.cloud)

/** Creates the typed client for a cloud. Sends no request. */
export const createOpenstackApi = (options: OpenstackOptions): OpenstackApi =>
  createOpenstackApiFrom(createOpenstackSession(options), options.connection.timing.clock)
