import { PROVIDER_CONTRACT, type Provider } from '@imago/provider-kit'
import { authSecrets } from './auth-secrets.ts'
import { declared } from './capabilities.ts'
import type { ConfiguredService, OpenstackCloud, OpenstackSettings } from './config/cloud.ts'
import type { OpenstackLiveCloud } from './connector.ts'
import { describe } from './describe.ts'
import { openstackReader } from './offline.ts'
import { findRemaining } from './volume-snapshots.ts'
import { words } from './words.ts'

/** If a cloud is configured without a region, any region of its catalog can be selected. */
const inRegion = (cloud: OpenstackCloud, region: string): OpenstackCloud => {
  const inIt = (service: ConfiguredService): ConfiguredService => ({
    ...service,
    regionName: service.regionName ?? region,
  })
  const { identity, image, compute, 'block-storage': blockStorage } = cloud.settings.services
  return {
    ...cloud,
    region,
    settings: {
      ...cloud.settings,
      services: {
        identity: inIt(identity),
        image: inIt(image),
        compute: inIt(compute),
        'block-storage': inIt(blockStorage),
      },
    },
  }
}

/** The OpenStack provider for `discover` and `open`. */
export const provider: Provider<'openstack', OpenstackSettings, OpenstackLiveCloud> = {
  contract: PROVIDER_CONTRACT,
  name: 'openstack',
  title: openstackReader.title,
  reader: openstackReader,
  declared,
  words,
  services: ['image', 'compute', 'identity'],
  idLength: 36,
  configuredBy: ['clouds.yaml', 'OS_AUTH_URL'],
  discover: async (environment, options) => (await import('./config/discover.ts')).discover(environment, options),
  describe,
  secrets: ({ settings: { auth } }) => authSecrets(auth),
  inRegion,
  findRemaining,
  connect: async () => (await import('./connector.ts')).connector,
}
