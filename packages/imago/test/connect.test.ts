import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createDiscovery, toIdentity, type Environment, type LiveCloud, type Provider } from '@imago/provider-kit'
import { createMemoryEnvironment, createMemorySource } from '@imago/testkit'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { aborted, createErrorSite, toClient, type ImageReader } from '@imago/core'
import { deriveCapabilities } from '@imago/core/provider'
import type { InterceptedRequest } from '@imago/http'
import {
  createHetznerSimulator,
  createOpenstackSimulator,
  type HetznerSimulator,
  type OpenstackSimulator,
} from '@imago/simulator'
import { connect, type ConnectResult, type ConnectOptions } from '../src/connect.ts'
import type { BundledProvider } from '../src/providers.ts'
import { readers } from '../src/readers.ts'

let hetzner: HetznerSimulator
let openstack: OpenstackSimulator

beforeAll(async () => {
  hetzner = await createHetznerSimulator()
  openstack = await createOpenstackSimulator()
})
afterAll(() => Promise.all([hetzner.close(), openstack.close()]))

const environment = (): Environment =>
  createMemoryEnvironment({
    workingDirectory: '/home/me',
    files: {
      '/home/me/.config/hcloud/cli.toml': `active_context = "prod"
[preferences]
endpoint = "${hetzner.url}"
[[contexts]]
name = "prod"
token = "${hetzner.token}"
`,
      '/home/me/.config/openstack/clouds.yaml': openstack.cloudsYaml,
    },
  })

const connected = async <A, P extends Provider = never>(
  options: ConnectOptions<P>,
  work: (clouds: ConnectResult<BundledProvider | P>) => Promise<A>,
): Promise<A> => {
  const all = await connect({ environment: environment(), ...options })
  try {
    return await work(all)
  } finally {
    all.close()
  }
}

describe('connect', () => {
  it('returns the named clouds in that order, and why the others cannot be used', () =>
    connected({ clouds: ['simulator@RegionOne', 'nowhere', 'prod'] }, async ({ clouds, problems }) => {
      expect(clouds.map(({ name }) => name)).toEqual(['openstack/simulator@RegionOne', 'hetzner/prod'])
      expect(problems).toMatchObject([{ _tag: 'NotFound' }])
      await Promise.resolve()
    }))

  it('shares one login between source and api of a cloud', () =>
    connected({ clouds: ['simulator@RegionOne'] }, async ({ clouds: [cloud] }) => {
      if (cloud?.provider !== 'openstack') throw new Error('it is no OpenStack cloud')
      openstack.requests.clear()
      expect((await toClient(cloud.source).listAll({}, { limit: 1 })).items).toHaveLength(1)
      expect((await cloud.api.info.stores()())._tag).toBe('Right')
      expect((await cloud.session.identity()())._tag).toBe('Right')
      expect(
        openstack.requests.all().filter(({ method, url }) => method === 'POST' && url.includes('/auth/tokens')),
      ).toHaveLength(1)
    }))

  it('passes changes to intercept instead of the cloud, and logs the other requests', () => {
    const held: InterceptedRequest[] = []
    const lines: string[] = []
    return connected(
      {
        clouds: ['prod'],
        userAgent: 'test/1',
        intercept: (request) => held.push(request),
        log: (line) => lines.push(line),
      },
      async ({ clouds: [cloud] }) => {
        if (cloud?.provider !== 'hetzner') throw new Error('it is no project of Hetzner')
        hetzner.requests.clear()
        await expect(toClient(cloud.source).update('350000001', { labels: { keep: 'yes' } })).rejects.toMatchObject({
          error: { _tag: 'Aborted' },
        })
        expect(held).toMatchObject([
          { method: 'PUT', url: `${hetzner.url}/images/350000001`, body: { json: { labels: { keep: 'yes' } } } },
        ])
        expect(hetzner.requests.all().map(({ method }) => method)).toEqual(['GET'])
        expect(lines).toHaveLength(1)
        expect(lines.join()).not.toContain(hetzner.token)
      },
    )
  })

  describe('providers of the caller', () => {
    /** Creates a provider of one cloud, whose API is a string. */
    const own = <N extends string>(name: N): Provider<N, string, LiveCloud & { readonly api: string }> => ({
      contract: 1,
      name,
      title: 'Own',
      reader: readers[0] as ImageReader,
      declared: deriveCapabilities({}),
      words: { architectures: new Map(), operatingSystems: new Map() },
      services: [],
      configuredBy: [],
      discover: async () => {
        const discovery = createDiscovery<string>(name)
        discovery.add({
          provider: name,
          name: 'mine',
          region: null,
          isDefault: true,
          origin: [],
          tls: null,
          timeoutMs: null,
          settings: 'an api',
        })
        return discovery.discovered()
      },
      describe: () => ({ url: null, user: null, project: null, auth: 'none' }),
      secrets: () => [],
      connect: async () => ({
        open: ({ settings, ...cloud }) => ({
          source: createMemorySource({ cloud: toIdentity({ ...cloud, settings }) }),
          api: settings,
          check: () => TE.left(siteless),
          client: () => null,
        }),
      }),
    })
    const siteless = aborted(createErrorSite({ provider: 'own', cloud: null }, 'check'))

    it('are connected like the bundled ones, with their own types', () =>
      connected({ providers: [own('own')] }, async ({ clouds, problems }) => {
        expect(problems).toEqual([])
        const mine = clouds.find(({ name }) => name === 'own/mine')
        if (mine?.provider !== 'own') throw new Error('it does not exist')
        const api: string = mine.api
        expect(api).toBe('an api')
        expect(mine.source.cloud).toEqual({ provider: 'own', cloud: 'mine', region: null })
        expect(new Set(clouds.map(({ provider }) => provider))).toEqual(new Set(['hetzner', 'openstack', 'own']))
        await Promise.resolve()
      }))

    it('replace a bundled one of the same name', () =>
      connected(
        { providers: [own('hetzner')], clouds: ['hetzner/mine', 'hetzner/prod'] },
        async ({ clouds, problems }) => {
          expect(clouds.map(({ name }) => name)).toEqual(['hetzner/mine'])
          expect(problems).toMatchObject([{ _tag: 'NotFound' }])
          await Promise.resolve()
        },
      ))

    it('do not affect the others when they fail to open a cloud', () =>
      connected(
        { providers: [{ ...own('own'), connect: async () => Promise.reject(new Error('no luck')) }] },
        async ({ clouds, problems }) => {
          expect(clouds.map(({ name }) => name)).toContain('hetzner/prod')
          expect(problems).toMatchObject([
            {
              _tag: 'ConfigInvalid',
              provider: 'own',
              cloud: 'mine',
              what: 'the provider failed to open the cloud: no luck',
            },
          ])
          await Promise.resolve()
        },
      ))
  })
})
