import type { Origin } from '@imago/core/provider'
import type { GlanceImage } from '@imago/schema-openstack/image'

const isText = (text: string | null | undefined): text is string => typeof text === 'string' && text !== ''
const URL_SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i

const origin = (relation: Origin['relation'], kind: Origin['kind'], id: string): Origin => ({
  relation,
  kind,
  id,
  name: null,
  url: null,
})

const importedFrom = (url: string): Origin => ({ relation: 'imported-from', kind: 'url', id: null, name: null, url })

/** Nova records the server and its image in snapshots. `image_source` (SCS) is a URL, or `private`, which has no location. */
export const toOrigins = (
  wire: Pick<GlanceImage, 'instance_uuid' | 'base_image_ref' | 'image_source'>,
): readonly Origin[] | undefined => {
  const { instance_uuid, base_image_ref, image_source } = wire
  if (instance_uuid === undefined && base_image_ref === undefined && image_source === undefined) return undefined
  const server = isText(instance_uuid) ? origin('created-from', 'server', instance_uuid) : null
  const image = isText(base_image_ref) ? origin('based-on', 'image', base_image_ref) : null
  const url = isText(image_source) && URL_SCHEME.test(image_source) ? importedFrom(image_source) : null
  // Nova writes these two. A literal, because an array that grows allocates room for more elements.
  if (server !== null && image !== null && url === null) return [server, image]
  const origins = [server, image, url].filter((one) => one !== null)
  return origins.length > 0 ? origins : undefined
}
