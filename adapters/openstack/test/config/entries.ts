import type { DiscoveredClouds, DiscoverOptions } from '@imago/provider-kit'
import { createMemoryEnvironment, type MemoryEnvironment } from '@imago/testkit'
import type { OpenstackSettings } from '../../src/config/cloud.ts'
import { discover } from '../../src/config/discover.ts'

/** An entry that lacks nothing. */
export const WHOLE = `auth: {auth_url: 'https://k/v3', username: u, password: p, project_id: x, user_domain_id: default}`

/** A clouds.yaml with one entry, `lab`. */
export const lab = (body: string, name = 'lab'): string => `clouds:\n  ${name}:\n${body.replace(/^/gm, '    ')}\n`

export const discoverIn = (
  where: MemoryEnvironment,
  options: DiscoverOptions = { trustDirectory: false },
): DiscoveredClouds<OpenstackSettings> => discover(createMemoryEnvironment(where), options)

export const listNames = (found: DiscoveredClouds): readonly string[] => [
  ...new Set(found.clouds.map(({ name }) => name)),
]
export const listMessages = (found: DiscoveredClouds): readonly string[] =>
  found.problems.map(({ cloud, what }) => `${cloud ?? '-'}: ${what}`)
