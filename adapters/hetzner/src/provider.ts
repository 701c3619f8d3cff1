import { PROVIDER_CONTRACT, type Provider } from '@imago/provider-kit'
import { declared } from './capabilities.ts'
import type { HetznerSettings } from './config/cloud.ts'
import type { HetznerLiveCloud } from './connector.ts'
import { describe } from './describe.ts'
import { hetznerReader } from './offline.ts'
import { words } from './words.ts'

/** The provider Hetzner Cloud. */
export const provider: Provider<'hetzner', HetznerSettings, HetznerLiveCloud> = {
  contract: PROVIDER_CONTRACT,
  name: 'hetzner',
  title: hetznerReader.title,
  reader: hetznerReader,
  declared,
  words,
  services: [],
  configuredBy: ['hcloud context', 'HCLOUD_TOKEN'],
  discover: async (environment) => (await import('./config/discover.ts')).discover(environment),
  describe,
  secrets: ({ settings: { token } }) => [token],
  connect: async () => (await import('./connector.ts')).connector,
}
