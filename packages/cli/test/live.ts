import type { Cloud, Findings, HetznerCloud, OpenstackCloud, OpenstackRegion } from '@imago/config'
import { Secret } from '@imago/config'
import { configInvalid, siteOf, type ImageError, type ImageSource } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Access } from '../src/connect/access.ts'
import { identityOf, nameOf, type Target } from '../src/connect/target.ts'
import type { LiveContext } from '../src/live.ts'
import { memoryOutput, type MemoryOutput } from './memory-output.ts'

/** A context of clouds in memory, and what was written to it. */
export interface MemoryLive extends LiveContext {
  readonly output: MemoryOutput
  readonly talk: MemoryOutput
}

export const hetznerCloud = (name: string): HetznerCloud => ({
  provider: 'hetzner',
  name,
  isDefault: false,
  origin: [{ file: '/home/me/.config/hcloud/cli.toml' }],
  regions: [],
  endpoint: 'https://api.hetzner.cloud/v1',
  token: new Secret('hunter2'),
  rescue: { location: null, serverType: null, sshPort: null },
})

const service = { endpointOverride: null, interfaces: ['public'], regionName: null, serviceType: 'image', serviceName: null, apiVersion: null, statusCodeRetries: null, connectRetries: null }

const openstackRegion = (name: string | null): OpenstackRegion => ({
  name,
  auth: { kind: 'none', type: 'none' },
  tls: { verify: true, caFile: null, certFile: null, keyFile: null },
  timeoutMs: null,
  services: { identity: service, image: service, compute: service },
})

export const openstackCloud = (name: string, regions: readonly (string | null)[] = [null]): OpenstackCloud => ({
  provider: 'openstack',
  name,
  isDefault: false,
  origin: [{ file: '/home/me/.config/openstack/clouds.yaml' }],
  regions: regions.map(openstackRegion),
})

export interface MemoryLiveOptions {
  readonly clouds: readonly Cloud[]
  readonly problems?: Findings['problems']
  /** The source of a target, or why there is none. */
  readonly open?: (target: Target) => ImageSource | ImageError
  readonly check?: Access['check']
  readonly client?: Access['client']
  readonly signal?: AbortSignal
  readonly isTerminal?: boolean
}

export const memoryLive = ({ clouds, problems = [], open, check, client = () => null, signal = new AbortController().signal, isTerminal = false }: MemoryLiveOptions): MemoryLive => {
  const access: LiveContext['access'] = (target) => {
    const opened = open?.(target) ?? configInvalid(siteOf(identityOf(target), 'configuration'), { what: `nothing is at ${nameOf(identityOf(target))}` })
    if ('_tag' in opened) return Promise.resolve(E.left(opened))
    const nothing = { user: null, project: null, roles: [], expiresAt: null, services: [] }
    return Promise.resolve(E.right({ source: opened, check: check ?? (() => TE.right(nothing)), client }))
  }
  return {
    findings: { clouds, problems, unreadable: [], warnings: [], ignored: [] },
    access,
    open: async (target) => E.map(({ source }: Access) => source)(await access(target)),
    output: memoryOutput({ isTerminal }),
    talk: memoryOutput({ isTerminal }),
    signal,
    timing: { clock: () => Date.parse('2026-11-22T12:00:00Z'), sleep: () => Promise.resolve(), random: () => 0 },
  }
}

/** The source of a target, by the name of its cloud and region: `lab@RegionOne`. */
export const sourceAmong =
  (sources: Readonly<Record<string, (target: Target) => ImageSource | ImageError>>) =>
  (target: Target): ImageSource | ImageError => {
    const { cloud, region } = identityOf(target)
    const name = `${cloud ?? ''}${region === null ? '' : `@${region}`}`
    const make = sources[name]
    if (make === undefined) throw new Error(`the test has no source for ${name}`)
    return make(target)
  }
