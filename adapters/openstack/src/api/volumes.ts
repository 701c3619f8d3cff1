import type { ImageResult } from '@imago/core/provider'
import { CinderVolume } from '@imago/schema-openstack'
import type { Caller, CallOptions } from './call.ts'
import type { Listed } from './page.ts'
import { pageQuery, type PageParameters } from './tasks.ts'

/** Cinder's `/volumes`, with the images that they were created from. */
export interface VolumesApi {
  /** - `/volumes/detail`: the volumes of the project. */
  readonly list: (page?: PageParameters, options?: CallOptions) => ImageResult<Listed<CinderVolume>>
}

export const volumesApi = (caller: Caller): VolumesApi => ({
  list: (page = {}, options) =>
    caller.listed(
      'volumes',
      CinderVolume,
      {
        service: 'blockStorage',
        name: 'volumes.list',
        method: 'GET',
        path: ['volumes', 'detail'],
        query: pageQuery(page),
      },
      options,
    ),
})
