import type { ImageResult } from '@imago/core/provider'
import { CinderVolume } from '@imago/schema-openstack'
import type { Caller, CallOptions } from './call.ts'
import type { Listed } from './page.ts'
import { tenantsQuery, type AllTenants } from './tenants.ts'
import { pageQuery, type PageParameters } from './tasks.ts'

/** Cinder's `/volumes`, with the images that they were created from. */
export interface VolumesApi {
  /** `/volumes/detail`: the volumes of the project, or with `allTenants`, which Cinder ignores unless the caller is an administrator, of all. */
  readonly list: (page?: PageParameters & AllTenants, options?: CallOptions) => ImageResult<Listed<CinderVolume>>
}

export const volumesApi = (caller: Caller): VolumesApi => ({
  list: ({ allTenants, ...page } = {}, options) =>
    caller.listed(
      'volumes',
      CinderVolume,
      {
        service: 'blockStorage',
        name: 'volumes.list',
        method: 'GET',
        path: ['volumes', 'detail'],
        query: [...tenantsQuery({ allTenants }), ...pageQuery(page)],
      },
      options,
    ),
})
