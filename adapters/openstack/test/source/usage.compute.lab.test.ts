import { listAll, perform, type ImageSource, type Usage, type UsageEdge } from '@imago/core'
import { createTransport } from '@imago/http'
import { type ComputeProject, createComputeProject, type LabUser, runClient, runningComputeLab } from '@imago/lab'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createOpenstackSource } from '../../src/index.ts'
import { toSourceOptions, getValue } from '../cloud.ts'

const lab = runningComputeLab(process.env)
const transport = createTransport()
let project: ComputeProject
let usage: Usage

const images = { base: '', gone: '', unused: '' }
const servers = { plain: '', ofGone: '', volumeBooted: '', shelved: '' }
const volumes = { data: '', restored: '' }

const createSource = ({ id, password }: LabUser): ImageSource =>
  createOpenstackSource(
    toSourceOptions(
      { authUrl: lab.authUrl, region: lab.region, userId: id, password, project: project.projectId },
      transport,
    ),
  )

const imageNamed = async (name: string): Promise<string> => {
  const { items } = await getValue(listAll(createSource(project.user), { name }))
  const [image] = items
  if (image === undefined) throw new Error(`no image ${name}`)
  return image.ref.id
}

const openstack = async (...parameters: readonly string[]): Promise<unknown> => {
  const { exitCode, stdout, stderr } = await runClient('openstack', [...parameters, '--format', 'json'], {
    environment: project.environment,
  })
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  return JSON.parse(stdout) as unknown
}

const edgesTo = (image: string): readonly UsageEdge[] => usage.edges.filter((edge) => edge.image.id === image)
const pairs = (edges: readonly UsageEdge[]): readonly string[] =>
  edges.map(({ by, image }) => `${by.id} ${image.id}`).toSorted()

beforeAll(async () => {
  project = await createComputeProject(lab)
  images.base = await project.createImage('base')
  images.gone = await project.createImage('gone')
  images.unused = await project.createImage('unused')
  servers.plain = await project.createServer({ name: 'web-1', imageId: images.base })
  servers.ofGone = await project.createServer({ name: 'old-1', imageId: images.gone })
  servers.volumeBooted = await project.createServer({ name: 'database', imageId: images.base, volumeBooted: true })
  servers.shelved = await project.createServer({ name: 'shelf', imageId: images.base })
  volumes.data = await project.createVolume('data', images.base)
  await project.glance(`/v2/images/${images.gone}`, { method: 'DELETE' })
  await project.nova(`/servers/${servers.shelved}/action`, { method: 'POST', body: { shelve: null } })
  await project.serverSettles(servers.shelved, 'SHELVED', 'SHELVED_OFFLOADED')
  const source = createSource(project.user)
  const { image } = await getValue(
    perform(source, 'createFromServer', { serverId: servers.volumeBooted, name: 'database-snapshot' }),
  )
  const [{ snapshot_id }] = JSON.parse(
    String((image.raw as Readonly<Record<string, unknown>>)['block_device_mapping']),
  ) as [{ readonly snapshot_id: string }]
  volumes.restored = await project.createVolumeFromSnapshot('restored', snapshot_id)
  usage = await getValue(perform(source, 'usage'))
})

afterAll(async () => {
  await project.remove()
  transport.close()
})

describe('usage with a real Nova and Cinder', () => {
  it('reads all lists', () => {
    expect(usage.sources.map(({ name, completeness }) => ({ name, completeness }))).toEqual([
      { name: 'servers', completeness: 'read' },
      { name: 'volumes', completeness: 'read' },
      { name: 'images', completeness: 'read' },
    ])
  })

  it('includes the images of servers in openstack server list', async () => {
    const listed = (await openstack('server', 'list', '--long', '-c', 'ID', '-c', 'Image ID')) as readonly {
      readonly ID: string
      readonly 'Image ID': string
    }[]
    const expected = listed
      .map((server) => `${server.ID} ${server['Image ID']}`)
      .filter((pair) => /[\da-f]$/.test(pair))
    expect(expected.length).toBe(3)
    expect(pairs(usage.edges.filter(({ via }) => via === 'servers[].image.id'))).toEqual(expected.toSorted())
  })

  it('includes the images of volumes in openstack volume list and show', async () => {
    const listed = (await openstack('volume', 'list')) as readonly { readonly ID: string }[]
    expect(listed.length).toBe(3)
    const expected: string[] = []
    for (const { ID } of listed) {
      const { volume_image_metadata: metadata } = (await openstack('volume', 'show', ID)) as {
        readonly volume_image_metadata: { readonly image_id: string }
      }
      expected.push(`${ID} ${metadata.image_id}`)
    }
    expect(pairs(usage.edges.filter(({ via }) => via === 'volumes[].volume_image_metadata.image_id'))).toEqual(
      expected.toSorted(),
    )
  })

  it('finds the image of a server that boots from a volume through the volume', () => {
    expect(edgesTo(images.base).filter(({ by }) => by.id === servers.volumeBooted)).toMatchObject([
      { relation: 'uses', evidence: 'inferred', dependsOn: false, by: { kind: 'server', name: 'database' } },
    ])
  })

  it('keeps the use of a deleted image', () => {
    expect(edgesTo(images.gone)).toMatchObject([{ by: { id: servers.ofGone, name: 'old-1' }, relation: 'uses' }])
  })

  it('reports no use of an unused image', () => {
    expect(edgesTo(images.unused)).toEqual([])
  })

  it('finds the volume restored from the snapshot of a server that boots from a volume', async () => {
    expect(edgesTo(await imageNamed('database-snapshot'))).toMatchObject([
      { by: { kind: 'volume', id: volumes.restored }, via: 'volumes[].snapshot_id', relation: 'uses' },
    ])
  })

  it('returns the same for a reader', async () => {
    const seen = await getValue(perform(createSource(project.reader), 'usage'))
    expect(pairs(seen.edges)).toEqual(pairs(usage.edges))
  })

  it('reports that a shelved server depends on its image', async () => {
    const shelved = await imageNamed('shelf-shelved')
    expect(edgesTo(shelved)).toMatchObject([
      { by: { kind: 'server', id: servers.shelved }, relation: 'uses', dependsOn: true, via: 'images[].instance_uuid' },
    ])
    expect((await project.glance(`/v2/images/${shelved}`, { method: 'DELETE' })).status).toBe(204)
    await project.nova(`/servers/${servers.shelved}/action`, { method: 'POST', body: { unshelve: null } })
    const { fault } = await project.serverSettles(servers.shelved, 'ERROR')
    expect(JSON.stringify(fault)).toContain('cannot be found')
  })
})
