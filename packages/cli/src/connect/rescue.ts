import type { RescueOptions } from '@imago/adapter-hetzner'
import type { HetznerCloud } from '@imago/config'

/** How the temporary servers of a project are to be, for its adapter. */
export const rescueOf = ({ rescue: { location, serverType, sshPort } }: HetznerCloud): RescueOptions => ({
  location: location ?? undefined,
  serverType: serverType ?? undefined,
  sshPort: sshPort ?? undefined,
})
