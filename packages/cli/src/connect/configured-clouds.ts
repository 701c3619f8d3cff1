import { processEnvironment, type DiscoveredClouds, type Environment, type Provider } from '@imago/provider-kit'
import { discoverClouds } from 'imago/clouds'
import { loadProviders } from '../providers/load-providers.ts'

/** What this process finds configured. */
export interface ProcessClouds {
  readonly environment: Environment
  readonly providers: readonly Provider[]
  readonly discovered: DiscoveredClouds
}

/** The clouds that are configured for this process. Asks no server. */
export const configuredClouds = async (
  process: Pick<NodeJS.Process, 'env' | 'cwd' | 'platform'>,
  { trustDirectory = false }: { readonly trustDirectory?: boolean | undefined },
): Promise<ProcessClouds> => {
  const environment = processEnvironment(process)
  const { providers, problems } = await loadProviders(environment)
  const discovered = await discoverClouds(providers, environment, { trustDirectory })
  // Which clouds a provider has that could not be loaded is not known.
  return {
    environment,
    providers,
    discovered: {
      ...discovered,
      problems: [...discovered.problems, ...problems],
      unreadable: [...discovered.unreadable, ...problems],
    },
  }
}
