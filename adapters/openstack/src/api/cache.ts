import type { Answer } from '@imago/core'
import { GlanceCache } from '@imago/schema-openstack'
import { imageSubject } from '../requests/images.ts'
import type { Caller, CallOptions } from './call.ts'

/** `/v2/cache`: the images whose data a Glance node has at hand. For admins; `NotFound` where there is no cache. */
export interface CacheApi {
  readonly get: (options?: CallOptions) => Answer<GlanceCache>
  /** - Has the image fetched into the cache, some time later. */
  readonly queue: (imageId: string, options?: CallOptions) => Answer<void>
  /** - From the cache and the queue. */
  readonly remove: (imageId: string, options?: CallOptions) => Answer<void>
  /** - Everything; or only the cache, or only the queue. */
  readonly clear: (target?: 'cache' | 'queue', options?: CallOptions) => Answer<void>
}

const CACHE = 'cache at this cloud'

export const cacheApi = (caller: Caller): CacheApi => ({
  get: (options) => caller.decoded(GlanceCache, { name: 'cache.get', method: 'GET', path: ['v2', 'cache'], subject: CACHE }, options),
  queue: (imageId, options) => caller.done({ name: 'cache.queue', method: 'PUT', path: ['v2', 'cache', imageId], subject: imageSubject(imageId) }, options),
  remove: (imageId, options) => caller.done({ name: 'cache.remove', method: 'DELETE', path: ['v2', 'cache', imageId], subject: imageSubject(imageId) }, options),
  clear: (target, options) =>
    caller.done(
      { name: 'cache.clear', method: 'DELETE', path: ['v2', 'cache'], ...(target === undefined ? {} : { headers: { 'x-image-cache-clear-target': target } }), subject: CACHE },
      options,
    ),
})
