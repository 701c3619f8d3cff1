import { configInvalid, createErrorSite, type ConfigInvalid, type ErrorDetails } from '@imago/core/provider'
import type { ProviderCloud } from './cloud.ts'

/** The result of a discovery. A broken entry is reported in `problems` and does not affect the others. */
export interface DiscoveredClouds<Settings = unknown> {
  /** In the order of the files; clouds from environment variables come last. */
  readonly clouds: readonly ProviderCloud<Settings>[]
  /** Entries that cannot be used, each with a hint. */
  readonly problems: readonly ConfigInvalid[]
  /** The subset of `problems` about whole files: the clouds in such a file are unknown. */
  readonly unreadable: readonly ConfigInvalid[]
  /** Entries that can be used but need attention. */
  readonly warnings: readonly ConfigInvalid[]
  /** The subset of `warnings` about ignored settings: reported whenever a cloud of this provider is used. */
  readonly ignored: readonly ConfigInvalid[]
}

/** Collects the results of a discovery while it runs. */
export interface Discovery<Settings> {
  readonly add: (cloud: ProviderCloud<Settings>) => void
  readonly problem: (cloud: string | null, wording: ErrorDetails) => void
  /** Reports a problem with a whole file. */
  readonly unreadable: (wording: ErrorDetails) => void
  readonly warning: (cloud: string | null, wording: ErrorDetails) => void
  /** Reports a setting that is ignored. */
  readonly ignored: (wording: ErrorDetails) => void
  readonly discovered: () => DiscoveredClouds<Settings>
}

/** The reporting functions of a discovery. */
export type ProblemReporter = Omit<Discovery<never>, 'add' | 'discovered'>

/** Creates a configuration error: `openstack/lab: configuration: …`. */
export const configurationError = (provider: string, cloud: string | null, wording: ErrorDetails): ConfigInvalid =>
  configInvalid(createErrorSite({ provider, cloud }, 'configuration'), wording)

/** Creates an empty discovery for a provider. */
export const createDiscovery = <Settings>(provider: string): Discovery<Settings> => {
  const clouds: ProviderCloud<Settings>[] = []
  const problems: ConfigInvalid[] = []
  const unreadable: ConfigInvalid[] = []
  const warnings: ConfigInvalid[] = []
  const ignored: ConfigInvalid[] = []
  return {
    add: (cloud) => void clouds.push(cloud),
    problem: (cloud, wording) => void problems.push(configurationError(provider, cloud, wording)),
    unreadable: (wording) => {
      const error = configurationError(provider, null, wording)
      problems.push(error)
      unreadable.push(error)
    },
    warning: (cloud, wording) => void warnings.push(configurationError(provider, cloud, wording)),
    ignored: (wording) => {
      const error = configurationError(provider, null, wording)
      warnings.push(error)
      ignored.push(error)
    },
    discovered: () => ({ clouds, problems, unreadable, warnings, ignored }),
  }
}
