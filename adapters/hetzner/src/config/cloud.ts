import type { ProviderCloud, Secret } from '@imago/provider-kit'

/** The temporary servers of transfers to and from Hetzner Cloud. `null`: the default. */
export interface RescueSettings {
  /** A location such as `fsn1`. */
  readonly location: string | null
  /** A server type such as `cx23`. */
  readonly serverType: string | null
  /** The SSH port of the rescue system. */
  readonly sshPort: number | null
}

/** The settings of one project, from hcloud's file and variables. */
export interface HetznerSettings {
  /** The address of the API, without a trailing slash. */
  readonly endpoint: string
  readonly token: Secret
  readonly rescue: RescueSettings
}

/** A project of Hetzner Cloud. Projects are global and have no region. */
export type HetznerCloud = ProviderCloud<HetznerSettings>
