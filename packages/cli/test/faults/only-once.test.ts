import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import {
  createHetznerSimulator,
  createOpenstackSimulator,
  type Fault,
  type HetznerSimulator,
  type OpenstackSimulator,
} from '@imago/simulator'
import { create } from '../../src/commands/create/run.ts'
import { remove } from '../../src/commands/delete/run.ts'
import { set } from '../../src/commands/set/run.ts'
import { snapshot } from '../../src/commands/snapshot/run.ts'
import { temporaryFolder } from '../temporary.ts'
import { idsIn, LOGIN, PROVIDERS, simulatedClouds, type ProviderName, type Ran, type RunOptions } from './clouds.ts'
import { createLossyProxy, type LossyProxy } from './lossy-proxy.ts'
import { jumpingTime } from './time.ts'

// Changes are made once, or reported as possibly made. Each test has its own clouds, because it checks their state.

const { run, list } = simulatedClouds()
const folder = temporaryFolder()

let hetzner: HetznerSimulator
let openstack: OpenstackSimulator
let proxies: Readonly<Record<ProviderName, LossyProxy>>
let env: NodeJS.ProcessEnv

beforeEach(async () => {
  hetzner = await createHetznerSimulator({ actionMs: 0 })
  openstack = await createOpenstackSimulator({ snapshotMs: 0 })
  proxies = { hetzner: await createLossyProxy(hetzner.port), openstack: await createLossyProxy(openstack.port) }
  const auth = {
    auth_url: `${proxies.openstack.origin}/identity/v3`,
    username: 'demo',
    user_domain_name: 'Default',
    password: 'demo-password',
    project_name: 'demo',
    project_domain_name: 'Default',
  }
  env = {
    HCLOUD_CONFIG: folder.file(
      'cli.toml',
      `[preferences]\nendpoint = "${proxies.hetzner.origin}/v1"\n[[contexts]]\nname = "prod"\ntoken = "${hetzner.token}"\n`,
    ),
    OS_CLIENT_CONFIG_FILE: folder.file(
      'clouds.yaml',
      JSON.stringify({ clouds: { lab: { auth, region_name: 'RegionOne' } } }),
    ),
  }
})
afterEach(async () => {
  await Promise.all([proxies.hetzner.close(), proxies.openstack.close()])
  await Promise.all([hetzner.close(), openstack.close()])
})

const simulator = (provider: ProviderName): HetznerSimulator | OpenstackSimulator =>
  provider === 'hetzner' ? hetzner : openstack
const cloud = (provider: ProviderName): string => (provider === 'hetzner' ? 'prod' : 'lab')
const listIds = async (provider: ProviderName): Promise<readonly string[]> =>
  idsIn((await list([cloud(provider)], { env })).stdout)
const posts = (path: RegExp): number =>
  [...proxies.hetzner.seen(), ...proxies.openstack.seen()].filter((line) => line.startsWith('POST ') && path.test(line))
    .length

/** The request that creates an image of a server. */
const MAKES: Readonly<Record<ProviderName, RegExp>> = {
  hetzner: /\/actions\/create_image$/,
  openstack: /\/servers\/[^/]+\/action$/,
}
const MAKES_AS_GLOB: Readonly<Record<ProviderName, string>> = {
  hetzner: '**/actions/create_image',
  openstack: '**/servers/*/action',
}

const createServer = async (provider: ProviderName): Promise<string> => {
  let id = ''
  await run(
    async (live) => {
      const access = await import('../../src/resolve-image.ts')
      const source = await access.openSource(live, access.resolveTarget(live, cloud(provider)))
      const servers = await source.servers?.({})()
      if (servers?._tag === 'Right') id = servers.right[0]?.id ?? ''
      return 0
    },
    { env },
  )
  expect(id).not.toBe('')
  return id
}

const makeSnapshot = async (provider: ProviderName, options: RunOptions = {}): Promise<Ran> => {
  const place = `${cloud(provider)}:id:${await createServer(provider)}`
  return run(
    (live) =>
      snapshot(
        [place],
        {
          wait: false,
          setKind: 'snapshot',
          output: 'json',
          timeout: '1m',
          interval: '1s',
          name: 'once',
          ...(provider === 'hetzner' ? { description: 'once', name: undefined } : {}),
        } as Parameters<typeof snapshot>[1],
        live,
      ),
    { env, ...options },
  )
}

const MAY_BE_DONE = /The request may have been carried out: check before you retry/

describe.each(PROVIDERS)('%s: creating an image of a server', (provider) => {
  it('creates one image and reports that it may exist if the response is lost', async () => {
    const before = await listIds(provider)
    proxies[provider].lose('POST', MAKES[provider], 9)
    const { code, stderr } = await makeSnapshot(provider)
    expect(code).toBe(5)
    expect(stderr).toMatch(MAY_BE_DONE)
    expect(posts(MAKES[provider])).toBe(1)
    expect(await listIds(provider)).toHaveLength(before.length + 1)
  })

  it.each<readonly [string, Fault, number]>([
    ['breaks off', { kind: 'reset', atByte: 10 }, 1],
    ['stalls', { kind: 'stall', atByte: 10 }, 1],
    ['is a gateway’s 502', { kind: 'html', status: 502 }, 0],
    ['is a gateway’s 504', { kind: 'html', status: 504 }, 0],
    ['is missing because the connection broke', { kind: 'reset', atByte: 0 }, 0],
  ])('sends one request if the response %s', async (_, fault, made) => {
    const before = await listIds(provider)
    simulator(provider).faults.add({ method: 'POST', path: MAKES_AS_GLOB[provider], fault })
    const { code, stderr } = await makeSnapshot(provider, {
      time: jumpingTime({ start: Date.now(), ...(fault.kind === 'stall' ? { silenceMs: 1500 } : {}) }),
    })
    expect(code).toBe(5)
    expect(stderr).toMatch(MAY_BE_DONE)
    expect(posts(MAKES[provider])).toBe(1)
    expect(await listIds(provider)).toHaveLength(before.length + made)
  })

  it.each<readonly [string, Fault]>([
    ['is truncated', { kind: 'truncate', atByte: 10 }],
    ['is not from the API', { kind: 'html', status: 200 }],
  ])('reports that the image may exist if the response %s', async (_, fault) => {
    simulator(provider).faults.add({ method: 'POST', path: MAKES_AS_GLOB[provider], fault })
    const { code, stderr } = await makeSnapshot(provider)
    expect(code).toBe(1)
    expect(stderr).toMatch(/The request (?:was|may have been) carried out: check before you retry/)
    expect(posts(MAKES[provider])).toBe(1)
  })

  it('retries after 429, and creates one image', async () => {
    const before = await listIds(provider)
    simulator(provider).faults.add({
      method: 'POST',
      path: MAKES_AS_GLOB[provider],
      times: 2,
      fault: { kind: 'status', status: 429, headers: { 'retry-after': '3' } },
    })
    expect(await makeSnapshot(provider)).toMatchObject({ code: 0 })
    expect(posts(MAKES[provider])).toBe(3)
    expect(await listIds(provider)).toHaveLength(before.length + 1)
  })
})

describe('writes that are sent only once', () => {
  it('snapshot reports the ID of the image if Nova creates it and Glance does not respond', async () => {
    const before = await listIds('openstack')
    openstack.faults.add({ method: 'GET', path: '/image/v2/images/*', fault: { kind: 'html', status: 503 } })
    const { code, stderr } = await makeSnapshot('openstack')
    openstack.faults.clear()
    const made = (await listIds('openstack')).find((id) => !before.includes(id)) ?? ''
    expect(code).toBe(5)
    expect(stderr).toContain(`Image ${made} is being created: check it before you retry`)
  })

  describe('Glance: creating the record of an image', () => {
    const make = (): Promise<Ran> =>
      run((live) => create('lab:once', { diskFormat: 'raw', output: 'json' }, live), { env })

    it('creates one record and reports that it may exist if the response is lost', async () => {
      const before = await listIds('openstack')
      proxies.openstack.lose('POST', /\/v2\/images$/, 9)
      const { code, stderr } = await make()
      expect(code).toBe(5)
      expect(stderr).toMatch(MAY_BE_DONE)
      expect(posts(/\/v2\/images$/)).toBe(1)
      expect(await listIds('openstack')).toHaveLength(before.length + 1)
    })

    it('logs in once more and creates one record if the token is invalid', async () => {
      const before = await listIds('openstack')
      openstack.faults.add({ method: 'POST', path: '/image/v2/images', times: 1, fault: { kind: 'expire-token' } })
      expect(await make()).toMatchObject({ code: 0 })
      expect(posts(/\/v2\/images$/)).toBe(2)
      expect(await listIds('openstack')).toHaveLength(before.length + 1)
    })

    it('repeats a login whose response is lost', async () => {
      proxies.openstack.lose('POST', /\/auth\/tokens$/)
      expect((await list(['lab'], { env })).code).toBe(0)
      openstack.faults.add({ ...LOGIN, times: 1, fault: { kind: 'reset', atByte: 10 } })
      expect((await list(['lab'], { env })).code).toBe(0)
    })
  })

  describe.each(PROVIDERS)('%s: repeatable requests', (provider) => {
    const own = async (): Promise<string> => {
      const { stdout } = await makeSnapshot(provider)
      return (
        (JSON.parse(stdout) as { readonly images: readonly { readonly ref: { readonly id: string } }[] }).images[0]?.ref
          .id ?? ''
      )
    }

    it('repeats a PUT whose response is lost, and reports that a PATCH may have succeeded', async () => {
      const id = await own()
      proxies[provider].lose(provider === 'hetzner' ? 'PUT' : 'PATCH', /\/images\/[^/]+$/)
      const { code, stderr } = await run(
        (live) => set([`${cloud(provider)}:id:${id}`], { setDescription: 'kept', output: 'json' }, live),
        { env },
      )
      if (provider === 'hetzner') expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      else expect({ code, stderr }).toEqual({ code: 5, stderr: expect.stringMatching(MAY_BE_DONE) })
      const images = (await list([cloud(provider)], { env })).stdout
        .split('\n')
        .slice(0, -1)
        .map(
          (line) => JSON.parse(line) as { readonly ref: { readonly id: string }; readonly description: string | null },
        )
      expect(images.find(({ ref }) => ref.id === id)?.description).toBe('kept')
    })

    it('succeeds if the response of a deletion is lost', async () => {
      const id = await own()
      proxies[provider].lose('DELETE', /\/images\/[^/]+$/)
      const { code, stdout } = await run(
        (live) => remove([`${cloud(provider)}:id:${id}`], { yes: true, output: 'table' }, live, null),
        { env },
      )
      expect(await listIds(provider)).not.toContain(id)
      expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining(' deleted') })
    })
  })
})
