import { createTransport, systemTiming, type ClientOptions } from '@imago/http'
import { Secret } from '@imago/provider-kit'
import { connector, type DigitalOceanLiveCloud } from '../src/connector.ts'

export const transport = createTransport()

/** The account of a token at an address. */
export const openCloud = (
  endpoint: string,
  token: string,
  options: Partial<ClientOptions> = {},
): DigitalOceanLiveCloud =>
  connector.open(
    {
      provider: 'digitalocean',
      name: 'test',
      region: null,
      isDefault: true,
      origin: [],
      tls: null,
      timeoutMs: null,
      settings: { endpoint, token: new Secret(token) },
    },
    { transport: transport.client, userAgent: 'imago/test', timing: systemTiming, ...options },
  )
