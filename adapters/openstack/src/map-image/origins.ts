import type { Origin } from '@imago/core/provider'
import type { GlanceImage } from '@imago/schema-openstack/image'

const isText = (text: string | null | undefined): text is string => typeof text === 'string' && text !== ''
const URL_SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i

/** Nova records the server and its image in snapshots. `image_source` (SCS) is a URL, or `private`, which has no location. */
export const toOrigins = (
  wire: Pick<GlanceImage, 'instance_uuid' | 'base_image_ref' | 'image_source'>,
): readonly Origin[] | undefined => {
  const { instance_uuid, base_image_ref, image_source } = wire
  if (instance_uuid === undefined && base_image_ref === undefined && image_source === undefined) return undefined
  const origins: Origin[] = []
  if (isText(instance_uuid))
    origins.push({ relation: 'created-from', kind: 'server', id: instance_uuid, name: null, url: null })
  if (isText(base_image_ref))
    origins.push({ relation: 'based-on', kind: 'image', id: base_image_ref, name: null, url: null })
  if (isText(image_source) && URL_SCHEME.test(image_source))
    origins.push({ relation: 'imported-from', kind: 'url', id: null, name: null, url: image_source })
  return origins.length > 0 ? origins : undefined
}
