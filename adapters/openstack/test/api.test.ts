import { describe, expect, it } from '@jest/globals'
import { formatError, type ImageResult, type ImageError } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { createOpenstackApi, type OpenstackApi } from '../src/index.ts'
import { getValue } from './cloud.ts'
import { localGlance } from './local-glance.ts'

const ID = '6e3f2a0b-0000-4000-8000-000000000001'
const IMAGE = { id: ID, name: 'n', status: 'active', tags: [], protected: false }
const MEMBER = { member_id: 'p1', status: 'pending' }
const TASK = { id: 't1', status: 'success' }

const readError = async (answer: ImageResult<unknown>): Promise<ImageError> => {
  const result = await answer()
  if (E.isRight(result)) throw new Error('it succeeded')
  return result.left
}

/** Each call with the expected request and a response. */
const CALLS: readonly (readonly [(api: OpenstackApi) => ImageResult<unknown>, string, unknown, unknown?])[] = [
  [
    ({ images }) =>
      images.list({
        filters: [
          ['tag', 'a b'],
          ['tag', 'ä&'],
        ],
        limit: 2,
        marker: 'm',
      }),
    'GET /v2/images?tag=a+b&tag=%C3%A4%26&limit=2&marker=m',
    { images: [IMAGE] },
  ],
  [({ images }) => images.get(ID), `GET /v2/images/${ID}`, IMAGE],
  [({ images }) => images.create({ name: 'n' }), 'POST /v2/images', IMAGE, { name: 'n' }],
  [
    ({ images }) => images.patch(ID, [{ op: 'remove', path: '/x' }]),
    `PATCH /v2/images/${ID}`,
    IMAGE,
    [{ op: 'remove', path: '/x' }],
  ],
  [({ images }) => images.remove(ID), `DELETE /v2/images/${ID}`, ''],
  [({ tags }) => tags.add(ID, 'a b'), `PUT /v2/images/${ID}/tags/a%20b`, ''],
  [({ tags }) => tags.remove(ID, 'ä'), `DELETE /v2/images/${ID}/tags/%C3%A4`, ''],
  [({ members }) => members.list(ID), `GET /v2/images/${ID}/members`, { members: [MEMBER] }],
  [({ members }) => members.get(ID, 'p1'), `GET /v2/images/${ID}/members/p1`, MEMBER],
  [({ members }) => members.add(ID, 'p1'), `POST /v2/images/${ID}/members`, MEMBER, { member: 'p1' }],
  [
    ({ members }) => members.update(ID, 'p1', 'accepted'),
    `PUT /v2/images/${ID}/members/p1`,
    MEMBER,
    { status: 'accepted' },
  ],
  [({ members }) => members.remove(ID, 'p1'), `DELETE /v2/images/${ID}/members/p1`, ''],
  [({ actions }) => actions.deactivate(ID), `POST /v2/images/${ID}/actions/deactivate`, ''],
  [({ actions }) => actions.reactivate(ID), `POST /v2/images/${ID}/actions/reactivate`, ''],
  [
    ({ imports }) => imports.start(ID, { name: 'copy-image' }, { stores: ['s'] }),
    `POST /v2/images/${ID}/import`,
    '',
    { method: { name: 'copy-image' }, stores: ['s'] },
  ],
  [({ tasks }) => tasks.ofImage(ID), `GET /v2/images/${ID}/tasks`, { tasks: [TASK] }],
  [({ tasks }) => tasks.list({ limit: 3 }), 'GET /v2/tasks?limit=3', { tasks: [TASK] }],
  [({ tasks }) => tasks.get('t1'), 'GET /v2/tasks/t1', TASK],
  [
    ({ tasks }) => tasks.create({ type: 'import', input: { import_from: 'http://a/b' } }),
    'POST /v2/tasks',
    TASK,
    { type: 'import', input: { import_from: 'http://a/b' } },
  ],
  [({ info }) => info.importMethods(), 'GET /v2/info/import', { 'import-methods': { value: ['web-download'] } }],
  [({ info }) => info.stores(), 'GET /v2/info/stores', { stores: [{ id: 's' }] }],
  [({ info }) => info.storesDetail(), 'GET /v2/info/stores/detail', { stores: [{ id: 's' }] }],
  [({ info }) => info.usage(), 'GET /v2/info/usage', { usage: {} }],
  [({ stores }) => stores.removeImage('s', ID), `DELETE /v2/stores/s/${ID}`, ''],
  [({ schemas }) => schemas.get('metadefs/namespace'), 'GET /v2/schemas/metadefs/namespace', { properties: {} }],
  [({ cache }) => cache.get(), 'GET /v2/cache', { cached_images: [] }],
  [({ cache }) => cache.queue(ID), `PUT /v2/cache/${ID}`, ''],
  [({ cache }) => cache.remove(ID), `DELETE /v2/cache/${ID}`, ''],
  [({ cache }) => cache.clear(), 'DELETE /v2/cache', ''],
  [({ cache }) => cache.nodes(ID), `GET /v2/cache/nodes/${ID}`, {}],
  [({ cache }) => cache.clean(), 'POST /v2/cache/clean', ''],
  [({ cache }) => cache.prune(), 'POST /v2/cache/prune', ''],
  [
    ({ locations }) => locations.add(ID, { url: 'http://a/b', validation: { algorithm: 'sha512', value: 'ff' } }),
    `POST /v2/images/${ID}/locations`,
    '',
    { url: 'http://a/b', validation_data: { os_hash_algo: 'sha512', os_hash_value: 'ff' } },
  ],
  [({ locations }) => locations.list(ID), `GET /v2/images/${ID}/locations`, [{ url: 'http://a/b' }]],
  [({ locations }) => locations.ofRecord(ID), `GET /v2/images/${ID}`, { ...IMAGE, locations: [{ url: 'http://a/b' }] }],
  [
    ({ locations }) => locations.addByPatch(ID, { url: 'http://a/b' }),
    `PATCH /v2/images/${ID}`,
    IMAGE,
    [{ op: 'add', path: '/locations/-', value: { url: 'http://a/b', metadata: {} } }],
  ],
  [
    ({ locations }) => locations.removeByPatch(ID, 1),
    `PATCH /v2/images/${ID}`,
    IMAGE,
    [{ op: 'remove', path: '/locations/1' }],
  ],
  [
    ({ metadefs }) => metadefs.namespaces({ resourceTypes: ['OS::Glance::Image'], visibility: 'public' }),
    'GET /v2/metadefs/namespaces?resource_types=OS%3A%3AGlance%3A%3AImage&visibility=public',
    { namespaces: [] },
  ],
  [
    ({ metadefs }) => metadefs.namespace('OS::A', 'B'),
    'GET /v2/metadefs/namespaces/OS%3A%3AA?resource_type=B',
    { namespace: 'OS::A' },
  ],
  [({ metadefs }) => metadefs.resourceTypes(), 'GET /v2/metadefs/resource_types', { resource_types: [] }],
  [
    ({ metadefs }) => metadefs.listResourceTypes('N'),
    'GET /v2/metadefs/namespaces/N/resource_types',
    { resource_type_associations: [] },
  ],
  [({ metadefs }) => metadefs.properties('N'), 'GET /v2/metadefs/namespaces/N/properties', { properties: {} }],
  [({ metadefs }) => metadefs.property('N', 'p'), 'GET /v2/metadefs/namespaces/N/properties/p', {}],
  [({ metadefs }) => metadefs.objects('N'), 'GET /v2/metadefs/namespaces/N/objects', { objects: [] }],
  [({ metadefs }) => metadefs.object('N', 'o'), 'GET /v2/metadefs/namespaces/N/objects/o', { name: 'o' }],
  [({ metadefs }) => metadefs.tags('N'), 'GET /v2/metadefs/namespaces/N/tags', { tags: [] }],
  [({ metadefs }) => metadefs.tag('N', 't'), 'GET /v2/metadefs/namespaces/N/tags/t', { name: 't' }],
  [({ versions }) => versions.list(), 'GET /versions', { versions: [{ id: 'v2.16' }] }],
  [
    ({ servers }) => servers.list({ name: 'web', limit: 1 }),
    'GET /compute/v2.1/servers/detail?name=web&limit=1',
    { servers: [{ id: 's1' }] },
  ],
  [({ servers }) => servers.get('s1'), 'GET /compute/v2.1/servers/s1', { server: { id: 's1' } }],
  [
    ({ servers }) => servers.createImage('s1', { name: 'i', metadata: { a: 'b' } }),
    'POST /compute/v2.1/servers/s1/action',
    { image_id: ID },
    { createImage: { name: 'i', metadata: { a: 'b' } } },
  ],
]

describe('typed client', () => {
  it.each(CALLS.map(([call, request, answer, body]) => ({ call, request, answer, body })))(
    '$request',
    async ({ call, request, answer, body }) => {
      const { options, seen } = await localGlance(() => ({ body: answer }))
      await getValue(call(createOpenstackApi(options)))
      expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([request])
      expect(seen[0]?.headers.accept).toBe('application/json')
      expect(seen[0]?.body === '' ? undefined : JSON.parse(seen[0]?.body ?? '')).toEqual(body)
      if (request.startsWith('PATCH'))
        expect(seen[0]?.headers['content-type']).toBe('application/openstack-images-v2.1-json-patch')
    },
  )

  it('uses only the marker of a link', async () => {
    const { options, seen } = await localGlance((_, index) => ({
      body: {
        images: [IMAGE],
        ...(index === 0 ? { next: 'http://evil.example/v2/images?tag=b&limit=9&marker=m%2B1' } : {}),
      },
    }))
    const { images } = createOpenstackApi(options)
    const filters = [
      ['tag', 'a'],
      ['tag', 'b'],
    ] as const
    const { marker } = await getValue(images.list({ filters }))
    expect(marker).toBe('m+1')
    expect((await getValue(images.list({ filters, marker }))).marker).toBeNull()
    expect(seen.map(({ url }) => url)).toEqual(['/v2/images?tag=a&tag=b', '/v2/images?tag=a&tag=b&marker=m%2B1'])
  })

  it.each([['/v2/images?limit=2'], [7], ['/v2/images?marker='], ['/v2/images?marker=%E0%A4%A']])(
    'rejects the next link %j',
    async (next) => {
      const { options } = await localGlance(() => ({ body: { images: [IMAGE], next } }))
      expect(await readError(createOpenstackApi(options).images.list())).toMatchObject({
        _tag: 'DecodeFailed',
        issues: [{ pointer: '/next' }],
      })
    },
  )

  it('skips an undecodable element and keeps the others', async () => {
    const { options } = await localGlance(() => ({ body: { members: [MEMBER, 5, { status: 'pending' }] } }))
    const { items, rejected } = await getValue(createOpenstackApi(options).members.list(ID))
    expect(items).toEqual([MEMBER])
    expect(rejected.map(({ raw }) => raw)).toEqual([5, { status: 'pending' }])
  })

  it.each<readonly [string, unknown]>([
    ['a captive portal page', '<html><body>Welcome</body></html>'],
    ['nothing', ''],
    ['truncated JSON', '{"images": ['],
    ['another object', { servers: [] }],
    ['null', 'null'],
  ])('returns DecodeFailed for %s instead of a list', async (_, body) => {
    const { options } = await localGlance(() => ({ body }))
    expect((await readError(createOpenstackApi(options).images.list()))._tag).toBe('DecodeFailed')
  })

  it.each<readonly [(api: OpenstackApi) => ImageResult<unknown>, string]>([
    [({ info }) => info.importMethods(), 'this cloud reports no import methods'],
    [({ info }) => info.stores(), 'this cloud reports no stores'],
    [({ info }) => info.storesDetail(), 'this cloud reports no stores'],
    [({ info }) => info.usage(), 'this cloud reports no usage of images'],
    [({ cache }) => cache.get(), 'this cloud has no API of the image cache'],
    [({ cache }) => cache.clear(), 'this cloud has no API of the image cache'],
    [({ cache }) => cache.clean(), 'this cloud has no API of the image cache'],
    [({ cache }) => cache.prune(), 'this cloud has no API of the image cache'],
  ])('advises to ask the operator if the cloud lacks the feature of %s', async (call, what) => {
    const hint = 'Ask the operator of the cloud whether it is enabled'
    const { options } = await localGlance(() => ({ status: 404, body: 'The resource could not be found.' }))
    expect(await readError(call(createOpenstackApi(options)))).toMatchObject({ _tag: 'NotFound', what, hint })
    const other = await localGlance(() => ({ status: 404, body: { message: 'Not at this site' } }))
    expect(await readError(call(createOpenstackApi(other.options)))).toMatchObject({
      what: `${what}: Not at this site`,
      hint,
    })
  })

  it.each(['', '.', '..'])('rejects the path segment %j without sending a request', async (segment) => {
    const { options, seen } = await localGlance(() => ({ body: IMAGE }))
    const { images, members } = createOpenstackApi(options)
    for (const answer of [images.remove(segment), members.remove(ID, segment)])
      expect((await readError(answer))._tag).toBe('NotFound')
    expect(seen).toEqual([])
  })

  it('names operation, cloud and request in an error, without secrets', async () => {
    const { options } = await localGlance(() => ({
      status: 409,
      headers: { 'x-openstack-request-id': 'req-1' },
      body: { message: 'Busy.<br /><br />\n\n\n', code: '409 Conflict', title: 'Conflict' },
    }))
    const error = await readError(
      createOpenstackApi(options).imports.start(ID, { name: 'web-download', uri: 'https://a/b?signature=hush' }),
    )
    expect(formatError(error)).toBe(
      `openstack/prod: imports.start: Busy (POST /v2/images/${ID}/import, HTTP 409, request req-1). Check the state of the resource before you retry`,
    )
    expect(JSON.stringify(error)).not.toContain('hush')
  })

  it.each([
    [['v2.18', 'v2.17', 'v2.16'], [], { byPath: true, byRecord: true }],
    [['v2.18', 'v2.16'], [], { byPath: false, byRecord: true }],
    [['v2.17'], undefined, { byPath: true, byRecord: false }],
    [['v2.15', null], null, { byPath: false, byRecord: false }],
  ])('for versions %j and record locations %j, returns the ways %j', async (ids, locations, ways) => {
    const { options, seen } = await localGlance(({ url }) => ({
      body: url === '/versions' ? { versions: ids.map((id) => ({ id })) } : { ...IMAGE, locations },
    }))
    const api = createOpenstackApi(options)
    expect(await getValue(api.locations.ways(ID))).toEqual(ways)
    expect(seen.map(({ url }) => url)).toEqual(['/versions', `/v2/images/${ID}`])
    expect(await getValue(api.locations.ofRecord(ID))).toEqual(locations ?? null)
  })

  it('distinguishes an unsupported request from a missing image', async () => {
    const messages = { old: 'The resource could not be found.<br /><br />\n\n\n', none: `No image found with ID ${ID}` }
    for (const [message, tag, what] of [
      [messages.old, 'Rejected', 'Glance does not know this request, which was added in version 2.17 of the API'],
      [messages.none, 'NotFound', `No image found with ID ${ID}`],
    ] as const) {
      const { options } = await localGlance(() => ({
        status: 404,
        body: { message, code: '404 Not Found', title: 'Not Found' },
      }))
      const { locations } = createOpenstackApi(options)
      for (const error of [
        await readError(locations.list(ID)),
        await readError(locations.add(ID, { url: 'http://a/b' })),
      ])
        expect(error).toMatchObject({ _tag: tag, what })
      // Image records exist in all versions, so a 404 refers to the image.
      expect((await readError(locations.ofRecord(ID)))._tag).toBe('NotFound')
    }
  })

  it('sends nothing when the signal is already aborted', async () => {
    const { options, seen } = await localGlance(() => ({ body: IMAGE }))
    expect(
      await readError(createOpenstackApi(options).images.get(ID, { signal: AbortSignal.abort(), operation: 'look' })),
    ).toMatchObject({ _tag: 'Aborted', operation: 'look' })
    expect(seen).toEqual([])
  })
})

describe('createImage', () => {
  it('requests the microversion that returns the ID', async () => {
    const { options, seen } = await localGlance(() => ({ status: 202, body: { image_id: ID } }))
    expect(await getValue(createOpenstackApi(options).servers.createImage('s', { name: 'i' }))).toBe(ID)
    expect(seen[0]?.headers['openstack-api-version']).toBe('compute 2.45')
  })

  it('reads the ID from Location for an older Nova', async () => {
    const { options, seen } = await localGlance(({ headers }) =>
      headers['openstack-api-version'] === undefined
        ? { status: 202, headers: { location: `http://elsewhere.example/images/${ID}` } }
        : { status: 406, body: { computeFault: { code: 406, message: 'Version 2.45 is not supported by the API.' } } },
    )
    expect(await getValue(createOpenstackApi(options).servers.createImage('s', { name: 'i' }))).toBe(ID)
    expect(seen).toHaveLength(2)
  })

  it('returns DecodeFailed without an ID', async () => {
    const { options } = await localGlance(() => ({ status: 202 }))
    expect((await readError(createOpenstackApi(options).servers.createImage('s', { name: 'i' })))._tag).toBe(
      'DecodeFailed',
    )
  })

  it('reads Nova faults', async () => {
    const { options } = await localGlance(() => ({
      status: 409,
      body: {
        conflictingRequest: {
          code: 409,
          message: "Cannot 'createImage' instance while it is in task_state image_snapshot",
        },
      },
    }))
    expect((await readError(createOpenstackApi(options).servers.createImage('s', { name: 'i' }))).what).toContain(
      'while it is in task_state image_snapshot',
    )
  })

  it('reads the marker from the links of the server list', async () => {
    const { options } = await localGlance(() => ({
      body: {
        servers: [],
        servers_links: [{ rel: 'next', href: 'http://elsewhere.example/servers/detail?marker=s9' }],
      },
    }))
    expect((await getValue(createOpenstackApi(options).servers.list())).marker).toBe('s9')
  })
})
