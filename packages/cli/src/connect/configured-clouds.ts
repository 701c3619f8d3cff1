import { processEnvironment, type DiscoveredClouds, type Environment, type Provider } from '@imago/provider-kit'
import { discoverClouds } from 'imago/clouds'
import { loadProviders } from '../providers/load-providers.ts'

/** The configuration of this process. */
export interface ProcessClouds {
  readonly environment: Environment
  readonly providers: readonly Provider[]
  readonly discovered: DiscoveredClouds
}

/** Discovers the configured clouds. Sends no requests. */
export const configuredClouds = async (
  process: Pick<NodeJS.Process, 'env' | 'cwd' | 'platform'>,
  { trustDirectory = false }: { readonly trustDirectory?: boolean | undefined },
): Promise<ProcessClouds> => {
  const environment = processEnvironment(process)
  const { providers, problems } = await loadProviders(environment)
  const discovered = await discoverClouds(providers, environment, { trustDirectory })
  // The clouds of a provider that cannot be loaded are unknown.
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
