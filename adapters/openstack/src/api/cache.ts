import type { ImageResult } from '@imago/core/provider'
import { GlanceCache } from '@imago/schema-openstack'
import { imageSubject } from '../requests/images.ts'
import type { Caller, CallOptions } from './call.ts'

/** `/v2/cache`: the images in the cache of a Glance node. For admins; `NotFound` without a cache. */
export interface CacheApi {
  readonly get: (options?: CallOptions) => ImageResult<GlanceCache>
  /** Queues the image for the cache. */
  readonly queue: (imageId: string, options?: CallOptions) => ImageResult<void>
  /** Removes the image from the cache and the queue. */
  readonly remove: (imageId: string, options?: CallOptions) => ImageResult<void>
  /** Clears the cache, the queue, or by default both. */
  readonly clear: (target?: 'cache' | 'queue', options?: CallOptions) => ImageResult<void>
  /** The nodes with the image in their cache. The shape is not documented. Since API 2.18. */
  readonly nodes: (imageId: string, options?: CallOptions) => ImageResult<unknown>
  /** Removes stale and invalid entries. Since API 2.18. */
  readonly clean: (options?: CallOptions) => ImageResult<void>
  /** Removes the least recently used images until the cache is within its size. Since API 2.18. */
  readonly prune: (options?: CallOptions) => ImageResult<void>
}

const NO_CACHE = 'this cloud has no API of the image cache'

export const cacheApi = (caller: Caller): CacheApi => ({
  get: (options) =>
    caller.decoded(
      GlanceCache,
      { name: 'cache.get', method: 'GET', path: ['v2', 'cache'], missingFeature: NO_CACHE },
      options,
    ),
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
        missingFeature: NO_CACHE,
      },
      options,
    ),
  nodes: (imageId, options) =>
    caller.json(
      { name: 'cache.nodes', method: 'GET', path: ['v2', 'cache', 'nodes', imageId], subject: imageSubject(imageId) },
      options,
    ),
  clean: (options) =>
    caller.done(
      { name: 'cache.clean', method: 'POST', path: ['v2', 'cache', 'clean'], missingFeature: NO_CACHE },
      options,
    ),
  prune: (options) =>
    caller.done(
      { name: 'cache.prune', method: 'POST', path: ['v2', 'cache', 'prune'], missingFeature: NO_CACHE },
      options,
    ),
})
