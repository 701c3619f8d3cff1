import { configInvalid, createErrorSite, type ConfigInvalid, type ErrorDetails } from '@imago/core/provider'
import type { ProviderCloud } from './cloud.ts'

/** The clouds that a search found. A broken entry is in `problems`, and the others are there all the same. */
export interface DiscoveredClouds<Settings = unknown> {
  /** In the order of the files; what is put together from the environment comes last. */
  readonly clouds: readonly ProviderCloud<Settings>[]
  /** What cannot be used, and what to do. */
  readonly problems: readonly ConfigInvalid[]
  /** Those of `problems` that concern a whole file: which clouds it holds is not known. */
  readonly unreadable: readonly ConfigInvalid[]
  /** What can be used, but deserves attention. */
  readonly warnings: readonly ConfigInvalid[]
  /** Those of `warnings` about settings that are ignored: reported whenever a cloud of this provider is used. */
  readonly ignored: readonly ConfigInvalid[]
}

/** What a search collects while it runs. */
export interface Discovery<Settings> {
  readonly add: (cloud: ProviderCloud<Settings>) => void
  readonly problem: (cloud: string | null, wording: ErrorDetails) => void
  /** A problem of a whole file. */
  readonly unreadable: (wording: ErrorDetails) => void
  readonly warning: (cloud: string | null, wording: ErrorDetails) => void
  /** A warning about settings that are ignored. */
  readonly ignored: (wording: ErrorDetails) => void
  readonly discovered: () => DiscoveredClouds<Settings>
}

/** For the parts of a search that only report. */
export type ProblemReporter = Omit<Discovery<never>, 'add' | 'discovered'>

/** The error of a configuration: `openstack/lab: configuration: …`. */
export const configurationError = (provider: string, cloud: string | null, wording: ErrorDetails): ConfigInvalid =>
  configInvalid(createErrorSite({ provider, cloud }, 'configuration'), wording)

/** A search of a provider that has found nothing yet. */
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
