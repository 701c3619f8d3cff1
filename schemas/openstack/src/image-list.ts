import { nullable } from '@imago/codec'
import * as t from 'io-ts'

// Sources: "glance": opendev.org/openstack/glance at c76abb08e (July 2026); paths are in that repository.

/** Links of a list; all of them are paths. glance: glance/api/v2/images.py, ResponseSerializer.index. */
export const listLinks = {
  first: nullable(t.string),
  /**
   * Absent on the last page. Use only its `marker`: the path starts with `/v2/` even if Glance is deployed below another path,
   * and all but one of repeated query keys (`tag=a&tag=b`) are missing.
   */
  next: nullable(t.string),
  schema: nullable(t.string),
} as const

/**
 * A page of images: GET /v2/images.
 * Elements are `unknown`, so that an invalid image does not invalidate the page. Decode each with `GlanceImage`.
 */
export const GlanceImageList = t.intersection(
  [t.type({ images: t.array(t.unknown) }), t.partial(listLinks)],
  'GlanceImageList',
)
export type GlanceImageList = t.TypeOf<typeof GlanceImageList>
