import type { ImageResult } from '@imago/core/provider'
import { GlanceCache } from '@imago/schema-openstack'
import { imageSubject } from '../requests/images.ts'
import type { Caller, CallOptions } from './call.ts'

/** `/v2/cache`: the images whose data a Glance node has at hand. For admins; `NotFound` where there is no cache. */
export interface CacheApi {
  readonly get: (options?: CallOptions) => ImageResult<GlanceCache>
  /** - Has the image fetched into the cache, some time later. */
  readonly queue: (imageId: string, options?: CallOptions) => ImageResult<void>
  /** - From the cache and the queue. */
  readonly remove: (imageId: string, options?: CallOptions) => ImageResult<void>
  /** - Everything; or only the cache, or only the queue. */
  readonly clear: (target?: 'cache' | 'queue', options?: CallOptions) => ImageResult<void>
  /** - The nodes that have the image at hand, as they say it: no shape of it is documented. Since API 2.18. */
  readonly nodes: (imageId: string, options?: CallOptions) => ImageResult<unknown>
  /** - Removes what is stale or invalid. Since API 2.18. */
  readonly clean: (options?: CallOptions) => ImageResult<void>
  /** - Removes what has not been used for long, until the cache is within its size. Since API 2.18. */
  readonly prune: (options?: CallOptions) => ImageResult<void>
}

const CACHE = 'cache at this cloud'

export const cacheApi = (caller: Caller): CacheApi => ({
  get: (options) =>
    caller.decoded(GlanceCache, { name: 'cache.get', method: 'GET', path: ['v2', 'cache'], subject: CACHE }, options),
  queue: (imageId, options) =>
    caller.done(
      { name: 'cache.queue', method: 'PUT', path: ['v2', 'cache', imageId], subject: imageSubject(imageId) },
      options,
    ),
  remove: (imageId, options) =>
    caller.done(
      { name: 'cache.remove', method: 'DELETE', path: ['v2', 'cache', imageId], subject: imageSubject(imageId) },
      options,
    ),
  clear: (target, options) =>
    caller.done(
      {
        name: 'cache.clear',
        method: 'DELETE',
        path: ['v2', 'cache'],
        ...(target === undefined ? {} : { headers: { 'x-image-cache-clear-target': target } }),
        subject: CACHE,
      },
      options,
    ),
  nodes: (imageId, options) =>
    caller.json(
      { name: 'cache.nodes', method: 'GET', path: ['v2', 'cache', 'nodes', imageId], subject: imageSubject(imageId) },
      options,
    ),
  clean: (options) =>
    caller.done({ name: 'cache.clean', method: 'POST', path: ['v2', 'cache', 'clean'], subject: CACHE }, options),
  prune: (options) =>
    caller.done({ name: 'cache.prune', method: 'POST', path: ['v2', 'cache', 'prune'], subject: CACHE }, options),
})
