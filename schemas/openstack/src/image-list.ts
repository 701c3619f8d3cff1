import { nullable } from '@imago/codec'
import * as t from 'io-ts'

// Sources: "glance": opendev.org/openstack/glance at c76abb08e (July 2026); paths are in that repository.

/** What a list says of itself, all of it paths. glance: glance/api/v2/images.py, ResponseSerializer.index. */
export const listLinks = {
  first: nullable(t.string),
  /**
   * Absent on the last page. Starts with `/v2/` even where Glance lives below another path, and has lost all but one of
   * the request's repeated keys (`tag=a&tag=b`): take nothing but its `marker`.
   */
  next: nullable(t.string),
  schema: nullable(t.string),
} as const

/**
 * A page of images: GET /v2/images.
 * The elements are unknown, not even objects: one bad image must not cost the page. Decode each with `GlanceImage`.
 */
export const GlanceImageList = t.intersection(
  [t.type({ images: t.array(t.unknown) }), t.partial(listLinks)],
  'GlanceImageList',
)
export type GlanceImageList = t.TypeOf<typeof GlanceImageList>
