import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Environment } from '@imago/provider-kit'
import { createMemoryEnvironment } from '@imago/testkit'
import { toClient } from '@imago/core'
import type { HeldRequest } from '@imago/http'
import { createHetznerSimulator, createOpenstackSimulator, type HetznerSimulator, type OpenstackSimulator } from '@imago/simulator'
import { connect, type Connected, type ConnectOptions } from '../../src/library/connect.ts'

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

const connected = async <A>(options: ConnectOptions, work: (clouds: Connected) => Promise<A>): Promise<A> => {
  const all = await connect({ environment: environment(), ...options })
  try {
    return await work(all)
  } finally {
    all.close()
  }
}

describe('connect', () => {
  test('gives the clouds that are named, in that order, and why the others cannot be used', () =>
    connected({ clouds: ['simulator@RegionOne', 'nowhere', 'prod'] }, async ({ clouds, problems }) => {
      expect(clouds.map(({ name }) => name)).toEqual(['openstack/simulator@RegionOne', 'hetzner/prod'])
      expect(problems).toMatchObject([{ _tag: 'NotFound' }])
      await Promise.resolve()
    }))

  test('source and api of a cloud share one login', () =>
    connected({ clouds: ['simulator@RegionOne'] }, async ({ clouds: [cloud] }) => {
      if (cloud?.provider !== 'openstack') throw new Error('it is no OpenStack cloud')
      openstack.requests.clear()
      expect((await toClient(cloud.source).listAll({}, { limit: 1 })).items).toHaveLength(1)
      expect((await cloud.api.info.stores()())._tag).toBe('Right')
      expect((await cloud.session.identity()())._tag).toBe('Right')
      expect(openstack.requests.all().filter(({ method, url }) => method === 'POST' && url.includes('/auth/tokens'))).toHaveLength(1)
    }))

  test('hold is given what would change something, and the cloud is not; log tells of the rest', () => {
    const held: HeldRequest[] = []
    const lines: string[] = []
    return connected({ clouds: ['prod'], userAgent: 'test/1', hold: (request) => held.push(request), log: (line) => lines.push(line) }, async ({ clouds: [cloud] }) => {
      if (cloud?.provider !== 'hetzner') throw new Error('it is no project of Hetzner')
      hetzner.requests.clear()
      await expect(toClient(cloud.source).update('350000001', { labels: { keep: 'yes' } })).rejects.toMatchObject({ error: { _tag: 'Aborted' } })
      expect(held).toMatchObject([{ method: 'PUT', url: `${hetzner.url}/images/350000001`, body: { json: { labels: { keep: 'yes' } } } }])
      expect(hetzner.requests.all().map(({ method }) => method)).toEqual(['GET'])
      expect(lines).toHaveLength(1)
      expect(lines.join()).not.toContain(hetzner.token)
    })
  })
})
