import { toSafeText } from '@imago/core'

const NOTHING: DiscoveredClouds = { clouds: [], problems: [], unreadable: [], warnings: [], ignored: [] }

/** A provider that fails does not affect the others. */
const discoverFrom = async (
  provider: Provider,
  environment: Environment,
  options: DiscoverOptions,
): Promise<DiscoveredClouds> => {
  try {
    return await provider.discover(environment, options)
  } catch (thrown) {
    const cause = thrown instanceof Error ? thrown.message : String(thrown)
    const problem = configurationError(provider.name, null, {
      what: `the provider failed to search for clouds: ${toSafeText(cause)}`,
      hint: 'Report it to the author of the provider',
    })
    return { ...NOTHING, problems: [problem], unreadable: [problem] }
  }
}

/** Returns the clouds that are configured for these providers, in the order of the providers. Sends no request. Never rejects. */
export const discoverClouds = async (
  providers: readonly Provider[],
  environment: Environment,
  options: Partial<DiscoverOptions> = {},
): Promise<DiscoveredClouds> => {
  const { trustDirectory = false } = options
  const all = await Promise.all(providers.map((provider) => discoverFrom(provider, environment, { trustDirectory })))
  return {
    clouds: all.flatMap(({ clouds }) => clouds),
    problems: all.flatMap(({ problems }) => problems),
    unreadable: all.flatMap(({ unreadable }) => unreadable),
    warnings: all.flatMap(({ warnings }) => warnings),
    ignored: all.flatMap(({ ignored }) => ignored),
  }
}

import {
  configurationError,
  type DiscoveredClouds,
  type DiscoverOptions,
  type Environment,
  type Provider,
} from '@imago/provider-kit'
