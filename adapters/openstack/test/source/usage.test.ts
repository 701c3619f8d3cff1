import { describe, expect, it } from '@jest/globals'
import { perform, READ, type Usage, type UsageEdge } from '@imago/core'
import { createOpenstackSource } from '../../src/index.ts'
import { getValue } from '../cloud.ts'
import { recordedAnswer } from '../compute-recordings.ts'
import { getError } from '../get-error.ts'
import { localGlance, type Scripted, type Seen } from '../local-glance.ts'

const recorded = (name: string): { readonly status: number; readonly body: Readonly<Record<string, unknown>> } => {
  const { status, body } = recordedAnswer(name)
  return { status, body: body as Readonly<Record<string, unknown>> }
}

type Answers = Readonly<Record<string, Scripted | ((seen: Seen) => Scripted)>>

const SERVERS = '/compute/v2.1/servers/detail'
const VOLUMES = '/volume/v3/volumes/detail'
const IMAGES = '/v2/images'

const IMAGE = { status: 'active', visibility: 'private', owner: null, tags: [] }

const EMPTY: Answers = {
  [SERVERS]: { body: { servers: [] } },
  [VOLUMES]: { body: { volumes: [] } },
  [IMAGES]: { body: { images: [] } },
}

const sourceAt = async (answers: Answers) => {
  const { options, seen } = await localGlance((one) => {
    // Glance lists hidden images separately.
    if (one.url.includes('os_hidden=true')) return { body: { images: [] } }
    const answer = answers[one.url.split('?')[0] ?? ''] ?? { status: 404, body: { code: '404', message: 'not here' } }
    return typeof answer === 'function' ? answer(one) : answer
  })
  return { source: createOpenstackSource(options), seen }
}

const readUsage = async (answers: Answers): Promise<Usage> =>
  getValue(perform((await sourceAt({ ...EMPTY, ...answers })).source, 'usage'))

const summarizeState = ({ sources }: Usage): Readonly<Record<string, string>> =>
  Object.fromEntries(sources.map(({ name, completeness }) => [name, completeness]))

/** Summary of an edge: image, relation, kind and name of the user, path. */
const brief = ({ image, by, relation, via, dependsOn }: UsageEdge): string =>
  `${image.id} ${relation} ${by.kind} ${by.name ?? by.id} ${via}${dependsOn ? ' depends' : ''}`

const SERVER = { name: 'web-1', status: 'ACTIVE', 'OS-EXT-STS:task_state': null }
const VOLUME = { name: 'data-1', snapshot_id: null, attachments: [] }

describe('usage with recorded responses of Nova, Cinder and Glance', () => {
  const images = ['base-a', 'web-1-snap', 'web-2-snap', 'shelf-1-shelved', 'vol-1-snap', 'data-1-image'].map(
    (name) => recorded(`glance-image-${name}`).body,
  )
  const WORLD: Answers = {
    [SERVERS]: { body: recorded('nova-servers-detail-latest').body },
    [VOLUMES]: { body: recorded('cinder-volumes-detail-3.0').body },
    [IMAGES]: { body: { images } },
  }
  const named = new Map(images.map(({ id, name }) => [String(id), String(name)]))
  named.set('68435434-ab9e-48b9-b377-9a0ed6b83c73', 'base-b').set('799583f6-648b-40c7-a7d8-103d1d65ebd9', 'base-c')

  it('finds the uses of each image', async () => {
    const usage = await readUsage(WORLD)
    const edges = usage.edges.map((edge) =>
      brief({ ...edge, image: { ...edge.image, id: named.get(edge.image.id) ?? edge.image.id } }),
    )
    expect(edges.toSorted()).toEqual([
      'base-a uses image shelf-1-shelved images[].base_image_ref',
      'base-a uses image web-1-snap images[].base_image_ref',
      'base-a uses server shelf-1 servers[].image.id',
      'base-a uses server vol-1 volumes[].attachments[].server_id',
      'base-a uses server web-1 servers[].image.id',
      'base-a uses volume 71842868-b668-4aec-abad-ea3f78521e6b volumes[].volume_image_metadata.image_id',
      'base-b uses image web-2-snap images[].base_image_ref',
      'base-b uses server rebuilt-1 servers[].image.id',
      'base-b uses server web-2 servers[].image.id',
      'base-b uses volume data-1 volumes[].volume_image_metadata.image_id',
      'base-c uses server old-1 servers[].image.id',
      'shelf-1-shelved uses server shelf-1 images[].instance_uuid depends',
      'web-1-snap origin server web-1 images[].instance_uuid',
      'web-2-snap origin server web-2 images[].instance_uuid',
    ])
    expect(usage.sources).toEqual([
      { name: 'servers', ...READ },
      { name: 'volumes', ...READ },
      { name: 'images', ...READ },
    ])
  })

  it('finds a volume created from the snapshot of a server that boots from a volume', async () => {
    const volume = { ...VOLUME, id: 'v-1', name: 'restored', snapshot_id: '93398a7e-48b6-422f-9b9b-8ea899d8d789' }
    const { edges } = await readUsage({
      ...WORLD,
      [SERVERS]: { body: { servers: [] } },
      [VOLUMES]: { body: { volumes: [volume] } },
    })
    expect(edges.map(brief)).toContain(
      '7db82699-19f8-43a5-83ec-4adfc89cccb5 uses volume restored volumes[].snapshot_id',
    )
  })

  it('reads every page of servers with the marker of the link', async () => {
    const first = recorded('nova-servers-detail-limit2').body
    const usage = await readUsage({
      [SERVERS]: ({ url }) => ({
        body: url.includes('marker=ed1d00d0-e69d-4a2f-b8b0-318afa0b8439')
          ? { servers: [{ ...SERVER, id: 's-3', name: 'last', image: { id: 'a' } }] }
          : first,
      }),
    })
    expect(usage.edges.map(({ by }) => by.name)).toEqual(['rebuilt-1', 'shelf-1', 'last'])
  })

  it('does not request the servers of other projects', async () => {
    const { source, seen } = await sourceAt(EMPTY)
    await getValue(perform(source, 'usage'))
    expect(seen.filter(({ url }) => url.includes('all_tenants'))).toEqual([])
  })
})

describe('usage', () => {
  const snapshot = { ...IMAGE, id: 'snap', name: 'snap', instance_uuid: 's-1' }

  it.each([
    { status: 'ACTIVE', task: null, brief: 'snap origin server web-1 images[].instance_uuid' },
    { status: 'SHUTOFF', task: 'image_uploading', brief: 'snap origin server web-1 images[].instance_uuid' },
    { status: 'SHELVED', task: null, brief: 'snap uses server web-1 images[].instance_uuid depends' },
    { status: 'SHELVED_OFFLOADED', task: 'spawning', brief: 'snap uses server web-1 images[].instance_uuid depends' },
    {
      status: 'ACTIVE',
      task: 'shelving_image_uploading',
      brief: 'snap uses server web-1 images[].instance_uuid depends',
    },
    { status: 'ERROR', task: null, brief: 'snap uses server web-1 images[].instance_uuid depends' },
    { status: null, task: null, brief: 'snap uses server web-1 images[].instance_uuid depends' },
  ])('relates an image to its source server: $status, task $task', async ({ status, task, brief: expected }) => {
    const server = { ...SERVER, id: 's-1', status, 'OS-EXT-STS:task_state': task, image: '' }
    const { edges } = await readUsage({
      [SERVERS]: { body: { servers: [server] } },
      [IMAGES]: { body: { images: [snapshot] } },
    })
    expect(edges.map(brief)).toEqual([expected])
  })

  it('relates the image of a shelved server to it as long as both exist', async () => {
    const { edges } = await readUsage({
      [SERVERS]: { body: { servers: [{ ...SERVER, id: 's-1', image: '' }] } },
      [IMAGES]: { body: { images: [{ ...snapshot, name: 'web-1-shelved' }] } },
    })
    expect(edges.map(brief)).toEqual(['snap uses server web-1 images[].instance_uuid depends'])
  })

  it('returns no edge for a server whose image was deleted', async () => {
    expect((await readUsage({ [IMAGES]: { body: { images: [snapshot] } } })).edges).toEqual([])
  })

  it.each([
    { list: SERVERS, what: 'no id', body: { servers: [{ ...SERVER, image: { id: 'a' } }] }, failed: 'servers' },
    { list: SERVERS, what: 'no image', body: { servers: [{ ...SERVER, id: 's-1' }] }, failed: 'servers' },
    {
      list: SERVERS,
      what: 'an image without id',
      body: { servers: [{ ...SERVER, id: 's-1', image: {} }] },
      failed: 'servers',
    },
    {
      list: SERVERS,
      what: 'a number as image',
      body: { servers: [{ ...SERVER, id: 's-1', image: 7 }] },
      failed: 'servers',
    },
    {
      list: VOLUMES,
      what: 'metadata of the wrong type',
      body: { volumes: [{ ...VOLUME, id: 'v', volume_image_metadata: 'a' }] },
      failed: 'volumes',
    },
    {
      list: VOLUMES,
      what: 'an image id of the wrong type',
      body: { volumes: [{ ...VOLUME, id: 'v', volume_image_metadata: { image_id: 7 } }] },
      failed: 'volumes',
    },
    {
      list: VOLUMES,
      what: 'attachments of the wrong type',
      body: { volumes: [{ ...VOLUME, id: 'v', attachments: 'none' }] },
      failed: 'volumes',
    },
    { list: IMAGES, what: 'no id', body: { images: [{ ...IMAGE }] }, failed: 'images' },
    {
      list: IMAGES,
      what: 'a base of the wrong type',
      body: { images: [{ ...IMAGE, id: 'a', base_image_ref: 7 }] },
      failed: 'images',
    },
    {
      list: IMAGES,
      what: 'an unreadable block device mapping',
      body: { images: [{ ...IMAGE, id: 'a', block_device_mapping: '[{' }] },
      failed: 'images',
    },
  ])('does not mark $failed as read if a record has $what', async ({ list, body, failed }) => {
    expect(summarizeState(await readUsage({ [list]: { body } }))).toEqual({
      servers: 'read',
      volumes: 'read',
      images: 'read',
      [failed]: 'failed',
    })
  })

  it('accepts a volume without an image, and one without image_id in its metadata', async () => {
    const volumes = [
      { ...VOLUME, id: 'blank' },
      { ...VOLUME, id: 'labelled', volume_image_metadata: { os_distro: 'debian' } },
    ]
    const usage = await readUsage({ [VOLUMES]: { body: { volumes } } })
    expect(usage.edges).toEqual([])
    expect(summarizeState(usage)['volumes']).toBe('read')
  })

  it.each([
    { answer: recorded('nova-servers-detail-all_tenants-member'), list: SERVERS, expected: { servers: 'forbidden' } },
    {
      answer: { status: 404, body: { itemNotFound: { code: 404, message: 'no' } } },
      list: SERVERS,
      expected: { servers: 'unsupported' },
    },
    {
      answer: { status: 400, body: { badRequest: { code: 400, message: 'no' } } },
      list: VOLUMES,
      expected: { volumes: 'failed' },
    },
    { answer: { status: 503 }, list: VOLUMES, expected: { volumes: 'failed' } },
    { answer: { body: '<html>' }, list: VOLUMES, expected: { volumes: 'failed' } },
  ])('reports a failed list and reads the others: $expected', async ({ answer, list, expected }) => {
    const usage = await readUsage({ [list]: answer })
    expect(summarizeState(usage)).toEqual({ servers: 'read', volumes: 'read', images: 'read', ...expected })
  })

  it('fails if no list can be read', async () => {
    const { source } = await sourceAt({})
    expect(await getError(perform(source, 'usage'))).toMatchObject({ operation: 'usage' })
  })
})
