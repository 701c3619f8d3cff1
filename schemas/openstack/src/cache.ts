import { Amount, Count, nullable } from '@imago/codec'
import * as t from 'io-ts'

// Sources: "glance": opendev.org/openstack/glance at c76abb08e (July 2026); paths are in that repository.

/** An image in the cache of a Glance node. glance: glance/image_cache/drivers/sqlite.py, get_cached_images. */
export const GlanceCachedImage = t.intersection(
  [
    t.type({ image_id: t.string }),
    t.partial({
      hits: nullable(Count),
      /** Seconds since 1970, with a fraction. */
      last_accessed: nullable(Amount),
      /** Seconds since 1970, with a fraction. */
      last_modified: nullable(Amount),
      /** Bytes. */
      size: nullable(Count),
    }),
  ],
  'GlanceCachedImage',
)
export type GlanceCachedImage = t.TypeOf<typeof GlanceCachedImage>

/** GET /v2/cache, for admins; 404 without a cache. Decode each cached image with `GlanceCachedImage`; queued images are IDs. glance: glance/api/v2/cached_images.py, get_cache_state. */
export const GlanceCache = t.intersection(
  [t.type({ cached_images: t.array(t.unknown) }), t.partial({ queued_images: nullable(t.array(t.string)) })],
  'GlanceCache',
)
export type GlanceCache = t.TypeOf<typeof GlanceCache>
