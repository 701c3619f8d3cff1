import { createImageReader, type ImageReader } from '@imago/core/provider'
import { GlanceImage } from '@imago/schema-openstack/image'
import { openstackDialects } from './dialects/index.ts'
import { openstackForeign } from './dialects/foreign.ts'
import { digestMisfits } from './map-image/digests.ts'
import { openstackMapping } from './map-image/index.ts'

/** Reads saved images of OpenStack Glance. Loads no HTTP code. */
export const openstackReader: ImageReader = createImageReader({
  provider: 'openstack',
  title: 'OpenStack Glance',
  wire: GlanceImage,
  mapping: openstackMapping,
  findInvalidFields: digestMisfits,
  dialects: openstackDialects,
  foreign: openstackForeign,
})

export { openstackDialects } from './dialects/index.ts'
export { openstackForeign } from './dialects/foreign.ts'
export { openstackMapping } from './map-image/index.ts'
