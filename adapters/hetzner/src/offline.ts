import { createImageReader, type ImageReader } from '@imago/core/provider'
import { HetznerImage } from '@imago/schema-hetzner/image'
import { hetznerDialects, hetznerForeign } from './dialects.ts'
import { hetznerMapping } from './map-image/index.ts'

/** Reads saved images of Hetzner Cloud. Loads no HTTP. */
export const hetznerReader: ImageReader = createImageReader({
  provider: 'hetzner',
  title: 'Hetzner Cloud',
  wire: HetznerImage,
  mapping: hetznerMapping,
  dialects: hetznerDialects,
  foreign: hetznerForeign,
})

export { hetznerDialects, hetznerForeign } from './dialects.ts'
export { hetznerMapping } from './map-image/index.ts'
