import type { ProviderCloud, Secret } from '@imago/provider-kit'

export const ENDPOINT = 'https://api.digitalocean.com'

/** What doctl's file and variables configure for one account. */
export interface DigitalOceanSettings {
  /** Without a slash at its end, and without the version: doctl's `api-url`. */
  readonly endpoint: string
  readonly token: Secret
}

/** An account or team of DigitalOcean. It has no region: its images are listed at one endpoint. */
export type DigitalOceanCloud = ProviderCloud<DigitalOceanSettings>
