import { provider as hetzner } from '@imago/adapter-hetzner/provider'
import { provider as openstack } from '@imago/adapter-openstack/provider'

/** The providers that imago brings. A new one is one more import and one more element here; nothing else of imago names it. */
export const providers = [hetzner, openstack] as const

/** One of them. */
export type BundledProvider = (typeof providers)[number]
