import { configInvalid, siteOf, type ConfigInvalid, type Wording } from '@imago/core'
import type { Cloud } from './cloud.ts'

/** What a search found. A broken entry stands in `problems`, and costs the others nothing. */
export interface Findings {
  /** In the order of the files; what is put together from the environment comes last. */
  readonly clouds: readonly Cloud[]
  /** What cannot be used, and what to do. */
  readonly problems: readonly ConfigInvalid[]
  /** What can, but is worth a word. */
  readonly warnings: readonly ConfigInvalid[]
}

/** Findings while they are gathered. */
export interface Gathering {
  readonly clouds: Cloud[]
  readonly problem: (cloud: string | null, wording: Wording) => void
  readonly warning: (cloud: string | null, wording: Wording) => void
  readonly findings: () => Findings
}

/** The error of a configuration: `openstack/lab: configuration: …`. */
export const troubleOf = (provider: string, cloud: string | null, wording: Wording): ConfigInvalid => configInvalid(siteOf({ provider, cloud }, 'configuration'), wording)

/** An empty gathering for a provider. */
export const gatheringOf = (provider: string): Gathering => {
  const clouds: Cloud[] = []
  const problems: ConfigInvalid[] = []
  const warnings: ConfigInvalid[] = []
  return {
    clouds,
    problem: (cloud, wording) => void problems.push(troubleOf(provider, cloud, wording)),
    warning: (cloud, wording) => void warnings.push(troubleOf(provider, cloud, wording)),
    findings: () => ({ clouds, problems, warnings }),
  }
}
