import { hetznerReader } from '@imago/adapter-hetzner/offline'
import { openstackReader } from '@imago/adapter-openstack/offline'
import type { ImageReader } from '@imago/core'

/** The providers whose saved images imago reads. A new provider is one more line here. */
export const readers: readonly ImageReader[] = [hetznerReader, openstackReader]

export const providerNames: readonly string[] = readers.map((reader) => reader.provider)
