import type { ProviderCloud, Secret } from '@imago/provider-kit'

/** How the temporary servers that transfer images into Hetzner Cloud and out of it are made. `null`: the default. */
export interface RescueSettings {
  /** As `fsn1`. */
  readonly location: string | null
  /** As `cx23`. */
  readonly serverType: string | null
  /** Where SSH listens in the rescue system. */
  readonly sshPort: number | null
}

/** What hcloud's file and variables say of one project. */
export interface HetznerSettings {
  /** Of the API, without a slash at its end. */
  readonly endpoint: string
  readonly token: Secret
  readonly rescue: RescueSettings
}

/** A project at Hetzner Cloud. It has no region: a project is global. */
export type HetznerCloud = ProviderCloud<HetznerSettings>
