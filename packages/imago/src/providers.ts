import { provider as hetzner } from '@imago/adapter-hetzner/provider'
import { provider as openstack } from '@imago/adapter-openstack/provider'

/** The bundled providers. To add one, add an import and an element here; no other module names it. */
export const providers = [hetzner, openstack] as const

/** Any of the bundled providers. */
export type BundledProvider = (typeof providers)[number]
