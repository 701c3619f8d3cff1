import type { Connection } from '@imago/http'
import type { Access } from './access.ts'
import type { Target } from './target.ts'

/** Makes the access to a target. Loads the adapter of its provider, and no other. */
export const openAccess = async (target: Target, connection: Connection): Promise<Access> => {
  switch (target.provider) {
    case 'hetzner':
      return (await import('./hetzner-access.ts')).hetznerAccess(target.cloud, connection)
    case 'openstack':
      return (await import('./openstack-access.ts')).openstackAccess(target.cloud, target.region, connection)
  }
}
