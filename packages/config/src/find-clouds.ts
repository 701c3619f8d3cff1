import { findHetznerClouds } from './hetzner/find-hetzner-clouds.ts'
import { findOpenstackClouds } from './openstack/find-openstack-clouds.ts'
import type { Findings } from './findings.ts'
import type { Surroundings } from './surroundings.ts'

/** How to search. */
export interface FindOptions {
  /**
   * Combine a clouds.yaml, secure.yaml or clouds-public.yaml of the working directory with those of other directories. Otherwise it is not done,
   * because whoever wrote the one in the working directory could have the secrets of the others sent to a host of their choice.
   */
  readonly trustDirectory?: boolean | undefined
}

/** The clouds that a person has already configured: hcloud contexts, entries of clouds.yaml, and the environment. Asks no server. */
export const findClouds = (surroundings: Surroundings, options: FindOptions = {}): Findings => {
  const all = [findHetznerClouds(surroundings), findOpenstackClouds(surroundings, options.trustDirectory === true)]
  return {
    clouds: all.flatMap(({ clouds }) => clouds),
    problems: all.flatMap(({ problems }) => problems),
    unreadable: all.flatMap(({ unreadable }) => unreadable),
    warnings: all.flatMap(({ warnings }) => warnings),
    ignored: all.flatMap(({ ignored }) => ignored),
  }
}
