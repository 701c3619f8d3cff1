import type { HetznerCloud } from '@imago/adapter-hetzner'
import type { OpenstackCloud } from '@imago/adapter-openstack'
import { Secret } from '@imago/provider-kit'

// Configured clouds, as discovery returns them.

export const hetznerCloud = (name: string): HetznerCloud => ({
  provider: 'hetzner',
  name,
  region: null,
  isDefault: false,
  origin: [{ file: '/home/me/.config/hcloud/cli.toml' }],
  tls: null,
  timeoutMs: null,
  settings: {
    endpoint: 'https://api.hetzner.cloud/v1',
    token: new Secret('hunter2'),
    rescue: { location: null, serverType: null, sshPort: null },
  },
})

const service = {
  endpointOverride: null,
  interfaces: ['public'],
  regionName: null,
  serviceType: 'image',
  serviceName: null,
  apiVersion: null,
  statusCodeRetries: null,
  connectRetries: null,
}

export const openstackRegion = (name: string, region: string | null = null): OpenstackCloud => ({
  provider: 'openstack',
  name,
  region,
  isDefault: false,
  origin: [{ file: '/home/me/.config/openstack/clouds.yaml' }],
  tls: { verify: true, caFile: null, certFile: null, keyFile: null },
  timeoutMs: null,
  settings: {
    auth: { kind: 'none', type: 'none' },
    services: { identity: service, image: service, compute: service, 'block-storage': service },
  },
})
