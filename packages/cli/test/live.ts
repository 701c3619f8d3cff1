import type { HetznerCloud } from '@imago/adapter-hetzner'
import type { OpenstackCloud } from '@imago/adapter-openstack'
import { configInvalid, createErrorSite, type ImageError, type ImageSource } from '@imago/core'
import {
  formatCloud,
  Secret,
  toIdentity,
  type DiscoveredClouds,
  type LiveCloud,
  type ProviderCloud,
} from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { providers } from 'imago/clouds'
import type { LiveContext } from '../src/live.ts'
import { memoryOutput, type MemoryOutput } from './memory-output.ts'

/** A context of clouds in memory, with its output. */
export interface MemoryLive extends LiveContext {
  readonly output: MemoryOutput
  readonly messages: MemoryOutput
}

export const hetznerCloud = (name: string): HetznerCloud => ({
  provider: 'hetzner',
  name,
  region: null,
  isDefault: false,
  origin: [{ file: '/home/me/.config/hcloud/cli.toml' }],
  tls: null,
  timeoutMs: null,
  settings: {
    endpoint: 'https://api.hetzner.cloud/v1',
    token: new Secret('hunter2'),
    rescue: { location: null, serverType: null, sshPort: null },
  },
})

const service = {
  endpointOverride: null,
  interfaces: ['public'],
  regionName: null,
  serviceType: 'image',
  serviceName: null,
  apiVersion: null,
  statusCodeRetries: null,
  connectRetries: null,
}

export const openstackRegion = (name: string, region: string | null = null): OpenstackCloud => ({
  provider: 'openstack',
  name,
  region,
  isDefault: false,
  origin: [{ file: '/home/me/.config/openstack/clouds.yaml' }],
  tls: { verify: true, caFile: null, certFile: null, keyFile: null },
  timeoutMs: null,
  settings: {
    auth: { kind: 'none', type: 'none' },
    services: { identity: service, image: service, compute: service, 'block-storage': service },
  },
})

/** A cloud, once for each of its regions. */
export const openstackCloud = (name: string, regions: readonly (string | null)[] = [null]): readonly OpenstackCloud[] =>
  regions.map((region) => openstackRegion(name, region))

export interface MemoryLiveOptions {
  readonly clouds: readonly (ProviderCloud | readonly ProviderCloud[])[]
  readonly problems?: DiscoveredClouds['problems']
  /** Opens the source of a target, or returns an error. */
  readonly open?: (target: ProviderCloud) => ImageSource | ImageError
  readonly check?: LiveCloud['check']
  readonly client?: LiveCloud['client']
  readonly signal?: AbortSignal
  readonly isTerminal?: boolean
}

export const memoryLive = ({
  clouds,
  problems = [],
  open,
  check,
  client = () => null,
  signal = new AbortController().signal,
  isTerminal = false,
}: MemoryLiveOptions): MemoryLive => {
  const access: LiveContext['access'] = (target) => {
    const opened =
      open?.(target) ??
      configInvalid(createErrorSite(toIdentity(target), 'configuration'), {
        what: `nothing is at ${formatCloud(toIdentity(target))}`,
      })
    if ('_tag' in opened) return Promise.resolve(E.left(opened))
    const nothing = { user: null, project: null, roles: [], expiresAt: null, services: [] }
    return Promise.resolve(E.right({ source: opened, check: check ?? (() => TE.right(nothing)), client }))
  }
  return {
    providers,
    discovered: {
      clouds: clouds.flat() as readonly ProviderCloud[],
      problems,
      unreadable: [],
      warnings: [],
      ignored: [],
    },
    access,
    open: async (target) => E.map(({ source }: Pick<LiveCloud, 'source'>) => source)(await access(target)),
    output: memoryOutput({ isTerminal }),
    messages: memoryOutput({ isTerminal }),
    signal,
    timing: { clock: () => Date.parse('2026-11-22T12:00:00Z'), sleep: () => Promise.resolve(), random: () => 0 },
  }
}

/** Opens sources by the name of the cloud and region: `lab@RegionOne`. */
export const sourceAmong =
  (sources: Readonly<Record<string, (target: ProviderCloud) => ImageSource | ImageError>>) =>
  (target: ProviderCloud): ImageSource | ImageError => {
    const { cloud, region } = toIdentity(target)
    const name = `${cloud ?? ''}${region === null ? '' : `@${region}`}`
    const make = sources[name]
    if (make === undefined) throw new Error(`the test has no source for ${name}`)
    return make(target)
  }
