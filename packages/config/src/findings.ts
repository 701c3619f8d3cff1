import { configInvalid, siteOf, type ConfigInvalid, type Wording } from '@imago/core'
import type { Cloud } from './cloud.ts'

/** What a search found. A broken entry stands in `problems`, and costs the others nothing. */
export interface Findings {
  /** In the order of the files; what is put together from the environment comes last. */
  readonly clouds: readonly Cloud[]
  /** What cannot be used, and what to do. */
  readonly problems: readonly ConfigInvalid[]
  /** Those of `problems` that are of a whole file: which clouds it holds is not known. */
  readonly unreadable: readonly ConfigInvalid[]
  /** What can, but is worth a word. */
  readonly warnings: readonly ConfigInvalid[]
  /** Those of `warnings` about settings that are not used: worth a word whenever a cloud of theirs is asked. */
  readonly ignored: readonly ConfigInvalid[]
}

/** Findings while they are gathered. */
export interface Gathering {
  readonly clouds: Cloud[]
  readonly problem: (cloud: string | null, wording: Wording) => void
  /** A problem of a whole file. */
  readonly unreadable: (wording: Wording) => void
  readonly warning: (cloud: string | null, wording: Wording) => void
  /** A warning about settings that are not used. */
  readonly ignored: (wording: Wording) => void
  readonly findings: () => Findings
}

/** The error of a configuration: `openstack/lab: configuration: …`. */
export const troubleOf = (provider: string, cloud: string | null, wording: Wording): ConfigInvalid => configInvalid(siteOf({ provider, cloud }, 'configuration'), wording)

/** An empty gathering for a provider. */
export const gatheringOf = (provider: string): Gathering => {
  const clouds: Cloud[] = []
  const problems: ConfigInvalid[] = []
  const unreadable: ConfigInvalid[] = []
  const warnings: ConfigInvalid[] = []
  const ignored: ConfigInvalid[] = []
  return {
    clouds,
    problem: (cloud, wording) => void problems.push(troubleOf(provider, cloud, wording)),
    unreadable: (wording) => {
      const trouble = troubleOf(provider, null, wording)
      problems.push(trouble)
      unreadable.push(trouble)
    },
    warning: (cloud, wording) => void warnings.push(troubleOf(provider, cloud, wording)),
    ignored: (wording) => {
      const trouble = troubleOf(provider, null, wording)
      warnings.push(trouble)
      ignored.push(trouble)
    },
    findings: () => ({ clouds, problems, unreadable, warnings, ignored }),
  }
}
