import { PROVIDER_CONTRACT, type Provider } from '@imago/provider-kit'
import { declared } from './capabilities.ts'
import type { DigitalOceanSettings } from './cloud.ts'
import type { DigitalOceanLiveCloud } from './connector.ts'
import { DISTRO, digitaloceanReader } from './reader.ts'

export { digitaloceanReader } from './reader.ts'
export type { DigitalOceanCloud, DigitalOceanSettings } from './cloud.ts'
export type { DigitalOceanLiveCloud } from './connector.ts'
export type { DigitalOceanApi } from './api.ts'
export { DigitalOceanAction, DigitalOceanImage } from './wire.ts'

const distroNames = new Map<string, readonly string[]>()
for (const [name, id] of DISTRO) distroNames.set(id, [...(distroNames.get(id) ?? []), name])

/** DigitalOcean for imago: `providers: ['…']` in imago's config.yaml, or `connect({ providers: [provider] })`. */
export const provider: Provider<'digitalocean', DigitalOceanSettings, DigitalOceanLiveCloud> = {
  contract: PROVIDER_CONTRACT,
  name: 'digitalocean',
  title: 'DigitalOcean',
  reader: digitaloceanReader,
  declared,
  words: { architectures: new Map([['x86_64', ['x64']]]), operatingSystems: distroNames },
  services: [],
  configuredBy: ['DIGITALOCEAN_ACCESS_TOKEN', 'DIGITALOCEAN_TOKEN', 'doctl auth init'],
  // The YAML parser is loaded only when somebody looks for clouds.
  discover: async (environment) => (await import('./discover.ts')).discover(environment),
  describe: ({ settings }) => ({ url: settings.endpoint, user: null, project: null, auth: 'token' }),
  secrets: ({ settings }) => [settings.token],
  connect: async () => (await import('./connector.ts')).connector,
}
