import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  listAll,
  observe,
  perform,
  usageState,
  type CloudObservation,
  type ImageSource,
  type Prices,
} from '@imago/core'
import { createTransport } from '@imago/http'
import { createManualClock, createOpenstackSimulator, type OpenstackSimulator } from '@imago/simulator'
import { createOpenstackSource } from '../../src/index.ts'
import { filledImage, toSourceOptions, getValue } from '../cloud.ts'

const transport = createTransport()
const clock = createManualClock(Date.UTC(2026, 10, 1))
let simulator: OpenstackSimulator

beforeAll(async () => {
  simulator = await createOpenstackSimulator({ clock: clock.now, snapshotMs: 1000 })
})
afterAll(async () => {
  await simulator.close()
  transport.close()
})

const projectId = (name: string): string => simulator.projects.find((one) => one.name === name)?.id ?? ''

const createSource = (name: string): ImageSource => {
  const user = simulator.users.find((one) => one.name === name)
  return createOpenstackSource(
    toSourceOptions(
      {
        authUrl: simulator.authUrl,
        region: 'RegionOne',
        userId: user?.id ?? '',
        password: user?.password ?? '',
        project: projectId(name),
      },
      transport,
    ),
  )
}

const observed = async (): Promise<CloudObservation> => {
  const { clouds } = await observe([createSource('demo')], { at: '2026-11-01T00:00:00Z' })()
  return clouds[0] as CloudObservation
}

const findState = (cloud: CloudObservation, id: string): string => {
  const image = cloud.images.items.find(({ ref }) => ref.id === id)
  if (image === undefined) throw new Error(`no image ${id}`)
  return usageState(image, cloud).state
}

const idNamed = async (name: string): Promise<string> =>
  (await getValue(listAll(createSource('demo'), { name }))).items[0]?.ref.id ?? ''

describe('usage of a project’s images', () => {
  it('reads every list through the catalog’s endpoints', async () => {
    const { usage } = await observed()
    expect(usage.sources.map(({ name, completeness }) => [name, completeness])).toEqual([
      ['servers', 'read'],
      ['volumes', 'read'],
      ['images', 'read'],
    ])
    expect(usage.view).toMatchObject({ kind: 'project', project: projectId('demo') })
  })

  it('reports a private image as unused, and never a public one', async () => {
    const id = await filledImage(createSource('demo'))
    const cloud = await observed()
    expect(findState(cloud, id)).toBe('unused')
    const publicStates = cloud.images.items
      .filter(({ visibility }) => visibility === 'public')
      .map((image) => usageState(image, cloud).state)
    expect(publicStates).not.toContain('unused')
    expect(publicStates).toContain('unknown')
  })

  it('reports a shared image as unused only without members', async () => {
    const id = await filledImage(createSource('demo'), 'shared')
    expect(findState(await observed(), id)).toBe('unused')
    await getValue(perform(createSource('demo'), 'share', id, { action: 'invite', project: projectId('other') }))
    expect(findState(await observed(), id)).toBe('unknown')
  })

  it('finds an image with data in a snapshot through the volume created from it', async () => {
    const { usage } = await observed()
    const id = await idNamed('database snapshot')
    expect(
      usage.edges
        .filter(({ image, relation }) => image.id === id && relation === 'uses')
        .map(({ by, via }) => [by.name, via]),
    ).toEqual([['restored', 'volumes[].snapshot_id']])
  })

  it('finds the base of a community image of the project', async () => {
    const base = await filledImage(createSource('demo'))
    const derived = await getValue(
      perform(createSource('demo'), 'create', {
        name: 'derived',
        diskFormat: 'raw',
        properties: { base_image_ref: base },
      }),
    )
    await getValue(perform(createSource('demo'), 'setVisibility', derived.ref.id, 'community'))
    expect(findState(await observed(), base)).toBe('used')
  })

  it('finds the image of a shelved server that does not refer to it', async () => {
    const token = (
      await fetch(`${simulator.authUrl}/auth/tokens`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          auth: {
            identity: {
              methods: ['password'],
              password: { user: { name: 'demo', domain: { id: 'default' }, password: 'demo-password' } },
            },
            scope: { project: { id: projectId('demo') } },
          },
        }),
      })
    ).headers.get('x-subject-token')
    const servers = await getValue(perform(createSource('demo'), 'servers', { name: 'web-2' }))
    await fetch(`${simulator.url}/compute/v2.1/servers/${servers[0]?.id}/action`, {
      method: 'POST',
      headers: { 'x-auth-token': token ?? '' },
      body: JSON.stringify({ shelve: null }),
    })
    clock.advance(1000)
    const { usage } = await observed()
    const id = await idNamed('web-2-shelved')
    expect(usage.edges.filter(({ image }) => image.id === id)).toEqual([
      {
        image: expect.objectContaining({ id }),
        by: { kind: 'server', id: servers[0]?.id, name: 'web-2' },
        relation: 'uses',
        via: 'images[].instance_uuid',
        evidence: 'inferred',
        dependsOn: true,
      },
    ])
  })
})

describe('prices', () => {
  it('are those of the configuration, and otherwise unsupported', async () => {
    const prices: Prices = {
      currency: 'EUR',
      perGbMonth: { net: '0.05', gross: null },
      bytesPerGb: 1e9,
      basis: { image: 'size' },
    }
    const user = simulator.users.find((one) => one.name === 'demo')
    const account = {
      authUrl: simulator.authUrl,
      region: 'RegionOne',
      userId: user?.id ?? '',
      password: user?.password ?? '',
      project: projectId('demo'),
    }
    const options = toSourceOptions(account, transport)
    const source = createOpenstackSource({ ...options, region: { ...options.region, prices } })
    expect(await getValue(perform(source, 'prices'))).toEqual(prices)
    expect(source.capabilities.operations).toContain('prices')
    expect(createSource('demo').capabilities.operations).not.toContain('prices')
  })
})

describe('usage of all projects', () => {
  const observeAll = async (name: string): Promise<CloudObservation> => {
    const { clouds } = await observe([createSource(name)], { at: '2026-11-01T00:00:00Z', allProjects: true })()
    return clouds[0] as CloudObservation
  }

  it('finds the servers of other projects, and public images without a user, if an administrator reads it', async () => {
    const id = await idNamed('Debian 12')
    const cloud = await observeAll('admin')
    expect(cloud.usage.sources.map(({ completeness }) => completeness)).toEqual(['read', 'read', 'read'])
    expect(cloud.usage.view).toEqual({ kind: 'everyone', project: projectId('admin') })
    expect(findState(cloud, id)).toBe('used')
    expect(findState(cloud, await idNamed('Fedora 42'))).toBe('unused')
  })

  it('is forbidden to a member, so that no image is unused', async () => {
    const cloud = await observeAll('demo')
    expect(cloud.usage.sources.map(({ name, completeness }) => [name, completeness])).toEqual([
      ['servers', 'forbidden'],
      ['volumes', 'forbidden'],
      ['images', 'forbidden'],
    ])
    expect(cloud.images.items.map((image) => usageState(image, cloud).state)).not.toContain('unused')
  })
})
