import { compareImages, matches } from './filters.ts'
import { presentImage } from './image.ts'
import { pageLinks, parseListQuery } from './list-query.ts'
import { isVisible, type Caller } from './policy.ts'
import { notAuthorized, refuse } from './refusal.ts'
import type { GlanceState } from './state.ts'

/** GET /v2/images */
export const listImages = (
  state: GlanceState,
  caller: Caller,
  pairs: readonly (readonly [string, string])[],
): unknown => {
  const query = parseListQuery(pairs)
  if (!caller.isReader) throw notAuthorized('get_images')
  const compare = compareImages(query.sort)
  const wanted = [...state.images.values()].filter(matches(caller, query))
  const marker = query.marker === null ? null : state.images.get(query.marker)
  if (marker === undefined || (marker !== null && !isVisible(caller, marker)))
    throw refuse(400, `No image found with ID ${query.marker}`)
  const page = wanted
    .filter((image) => marker === null || compare(image, marker) > 0)
    .toSorted(compare)
    .slice(0, query.limit)
  const { first, next } = pageLinks('/v2/images', pairs, page.length === query.limit ? (page.at(-1)?.id ?? null) : null)
  return {
    images: page.map((image) => presentImage(image, { showLocations: state.showLocations, isAdmin: caller.isAdmin })),
    first,
    schema: '/v2/schemas/images',
    ...(next === null ? {} : { next }),
  }
}
