import { createImageReader, type ImageReader } from '@imago/core/provider'
import { HetznerImage } from '@imago/schema-hetzner/image'
import { hetznerDialects } from './dialects/index.ts'
import { hetznerForeign } from './dialects/foreign.ts'
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

export { hetznerDialects } from './dialects/index.ts'
export { hetznerForeign } from './dialects/foreign.ts'
export { hetznerMapping } from './map-image/index.ts'
