import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { formatError, type ImageResult, type ImageError } from '@imago/core/provider'
import { createTransport } from '@imago/http'
import { runningLabs, type LabUser } from '@imago/lab'
import * as E from 'fp-ts/lib/Either.js'
import { createOpenstackApi, createOpenstackSource, type OpenstackOptions, type SchemaName } from '../src/index.ts'
import { filledImage, toSourceOptions, getValue } from './cloud.ts'

const [lab] = runningLabs(process.env)
const transport = createTransport()

const optionsFor = ({ id, password, project }: LabUser): OpenstackOptions =>
  toSourceOptions(
    {
      authUrl: lab.authUrl,
      region: lab.region,
      userId: id,
      password,
      project: lab.projects[project as keyof typeof lab.projects],
    },
    transport,
  )

const admin = optionsFor(lab.users.admin)
const api = createOpenstackApi(admin)
const source = createOpenstackSource(admin)

const readError = async (answer: ImageResult<unknown>): Promise<ImageError> => {
  const result = await answer()
  if (E.isRight(result)) throw new Error('it succeeded')
  return result.left
}

const NO_LOGIN = '00000000-0000-4000-8000-000000000000'
let id = ''

beforeAll(async () => {
  id = await filledImage(source, 'shared')
})
afterAll(async () => {
  await api.images.remove(id)()
  transport.close()
})

describe('typed client with a real Glance', () => {
  it('creates, patches, lists and deletes images', async () => {
    const made = await getValue(
      api.images.create({ name: 'imago api', disk_format: 'raw', container_format: 'bare', any: 'property' }),
    )
    expect(made).toMatchObject({ name: 'imago api', status: 'queued', any: 'property' })
    expect(
      await getValue(api.images.patch(made.id, [{ op: 'replace', path: '/name', value: 'imago api 2' }])),
    ).toMatchObject({ name: 'imago api 2' })
    expect(await getValue(api.images.get(made.id))).toMatchObject({ id: made.id })
    expect(
      (await getValue(api.images.list({ filters: [['name', 'imago api 2']] }))).items.map((image) => image.id),
    ).toContain(made.id)
    await getValue(api.images.remove(made.id))
    expect(await readError(api.images.get(made.id))).toMatchObject({ _tag: 'NotFound', operation: 'images.get' })
  })

  it('adds and deletes tags', async () => {
    await getValue(api.tags.add(id, 'a b'))
    await getValue(api.tags.add(id, 'plain'))
    expect((await getValue(api.images.get(id))).tags).toContain('plain')
    await getValue(api.tags.remove(id, 'plain'))
    expect(formatError(await readError(api.tags.remove(id, 'plain')))).toContain(`tag plain of image ${id} not found`)
  })

  it('adds, accepts and removes members', async () => {
    expect(await getValue(api.members.add(id, 'somebody'))).toMatchObject({ member_id: 'somebody', status: 'pending' })
    expect((await readError(api.members.add(id, 'somebody')))._tag).toBe('Conflict')
    expect((await getValue(api.members.list(id))).items).toHaveLength(1)
    expect(await getValue(api.members.get(id, 'somebody'))).toMatchObject({ member_id: 'somebody' })
    expect(await getValue(api.members.update(id, 'somebody', 'accepted'))).toMatchObject({ status: 'accepted' })
    await getValue(api.members.remove(id, 'somebody'))
    expect((await readError(api.members.get(id, 'somebody')))._tag).toBe('NotFound')
  })

  it('deactivates and reactivates an image', async () => {
    await getValue(api.actions.deactivate(id))
    expect((await getValue(api.images.get(id))).status).toBe('deactivated')
    await getValue(api.actions.reactivate(id))
    expect((await getValue(api.images.get(id))).status).toBe('active')
  })

  it('imports data and lists tasks and stores', async () => {
    const methods = await getValue(api.info.importMethods())
    expect(methods).toEqual(expect.arrayContaining(['glance-direct', 'web-download', 'copy-image', 'glance-download']))
    const stores = (await getValue(api.info.stores())).items
    expect(stores.map((store) => store.id)).toEqual(expect.arrayContaining([...lab.stores]))
    const detail = (await getValue(api.info.storesDetail())).items
    expect(detail.find((store) => store.id === lab.stores[0])).toMatchObject({ type: 'file' })
    await getValue(
      api.imports.start(id, { name: 'copy-image' }, { stores: [lab.stores[1] ?? ''], allStoresMustSucceed: true }),
    )
    const [task] = (await getValue(api.tasks.ofImage(id))).items
    expect(task).toMatchObject({ type: 'api_image_import', image_id: id })
    const taskNow = () => getValue(api.tasks.get(task?.id ?? ''))
    while (['pending', 'processing'].includes((await taskNow()).status)) await setTimeout(100)
    expect(await taskNow()).toMatchObject({ id: task?.id, status: 'success' })
    expect((await getValue(api.images.get(id))).stores).toContain(lab.stores[1])
    expect((await getValue(api.tasks.list({ limit: 1 }))).items).toHaveLength(1)
    await getValue(api.stores.removeImage(lab.stores[1] ?? '', id))
    expect(await readError(api.stores.removeImage(lab.stores[0] ?? '', id))).toMatchObject({
      _tag: 'Conflict',
      what: expect.stringContaining('only store'),
    })
    expect((await readError(api.stores.removeImage('nowhere', id)))._tag).toBe('Conflict')
    expect(
      (await readError(api.imports.start(id, { name: 'web-download', uri: 'http://127.0.0.1:1/x?token=secret' })))._tag,
    ).toBe('Conflict')
    expect((await readError(api.tasks.get(NO_LOGIN)))._tag).toBe('NotFound')
  })

  it('returns usage and versions', async () => {
    expect(await getValue(api.info.usage())).toEqual(expect.any(Object))
    expect((await getValue(api.versions.list())).map((version) => version.id)).toContain('v2.5')
  })

  it.each<SchemaName>([
    'image',
    'images',
    'member',
    'members',
    'task',
    'tasks',
    'metadefs/namespace',
    'metadefs/namespaces',
    'metadefs/resource_type',
    'metadefs/resource_types',
    'metadefs/property',
    'metadefs/properties',
    'metadefs/object',
    'metadefs/objects',
    'metadefs/tag',
    'metadefs/tags',
  ])('returns the schema %s', async (name) =>
    expect(Object.keys((await getValue(api.schemas.get(name))).properties)).not.toEqual([]),
  )

  it('queues, lists and clears the cache', async () => {
    await getValue(api.cache.queue(id))
    expect(await getValue(api.cache.get())).toMatchObject({ cached_images: expect.any(Array) })
    await getValue(api.cache.remove(id))
    await getValue(api.cache.clear('queue'))
    await getValue(api.cache.clear())
  })

  describe('locations', () => {
    const content = Buffer.from('what lies at a location '.repeat(100))
    const hash = createHash('sha512').update(content).digest('hex')
    const server = createServer((_, response) => response.setHeader('content-length', content.length).end(content))
    const demo = createOpenstackApi(optionsFor(lab.users.demo))
    const reader = createOpenstackApi(optionsFor(lab.users['demo-reader']))
    const hasPath = lab.release !== 'debian'
    let url = ''

    beforeAll(async () => {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/image`
    })
    afterAll(() => {
      server.closeAllConnections()
      server.close()
    })

    /** Passes a queued image of the project demo to `use` and deletes it afterwards. */
    const withImage = async <A>(use: (imageId: string) => Promise<A>): Promise<A> => {
      const image = await getValue(
        demo.images.create({ name: 'imago location', disk_format: 'raw', container_format: 'bare' }),
      )
      try {
        return await use(image.id)
      } finally {
        await getValue(demo.images.remove(image.id))
      }
    }

    /** The image after its location task has ended. */
    const settled = async (imageId: string) => {
      for (;;) {
        const [task] = (await getValue(demo.tasks.ofImage(imageId))).items
        if (task?.status === 'success' || task?.status === 'failure')
          return { task, image: await getValue(demo.images.get(imageId)) }
        await setTimeout(50)
      }
    }

    it('detects the location APIs of this release', () =>
      withImage(async (imageId) =>
        expect(await getValue(demo.locations.ways(imageId))).toEqual({ byPath: hasPath, byRecord: true }),
      ))

    it('reads and adds locations by record; an administrator removes one', () =>
      withImage(async (imageId) => {
        expect(await getValue(demo.locations.ofRecord(imageId))).toEqual([])
        expect(
          await getValue(demo.locations.addByPatch(imageId, { url, validation: { algorithm: 'sha512', value: hash } })),
        ).toMatchObject({ status: 'active', size: content.length, os_hash_algo: 'sha512', os_hash_value: hash })
        await getValue(demo.locations.addByPatch(imageId, { url: `${url}/2`, metadata: { rack: '5' } }))
        expect(await getValue(demo.locations.ofRecord(imageId))).toMatchObject([
          { url },
          { url: `${url}/2`, metadata: { rack: '5', store: 'web' } },
        ])
        expect(await readError(demo.locations.removeByPatch(imageId, 1))).toMatchObject({
          _tag: 'Forbidden',
          operation: 'locations.removeByPatch',
        })
        expect((await getValue(api.locations.removeByPatch(imageId, 1))).locations).toHaveLength(1)
        expect((await readError(api.locations.removeByPatch(imageId, 0)))._tag).toBe('Forbidden')
        expect(await readError(demo.locations.addByPatch(imageId, { url: 'file:///etc/passwd' }))).toMatchObject({
          _tag: 'Rejected',
          operation: 'locations.addByPatch',
        })
      }))

    if (!hasPath)
      it('reports that this release lacks the location API by path', () =>
        withImage(async (imageId) => {
          for (const error of [
            await readError(demo.locations.add(imageId, { url })),
            await readError(api.locations.list(imageId)),
          ])
            expect(error).toMatchObject({ _tag: 'Rejected', what: expect.stringContaining('2.17') })
          expect((await getValue(demo.images.get(imageId))).status).toBe('queued')
        }))
    else {
      it.each([
        ['with a hash', true],
        ['without a hash, which Glance then computes', false],
      ])('adds a location by path %s and reads it', (_, isKnown) =>
        withImage(async (imageId) => {
          expect(await getValue(api.locations.list(imageId))).toEqual([])
          await getValue(
            demo.locations.add(imageId, {
              url,
              ...(isKnown ? { validation: { algorithm: 'sha512', value: hash } } : {}),
            }),
          )
          const { task, image } = await settled(imageId)
          expect(task).toMatchObject({ type: 'location_import', status: 'success' })
          expect(image).toMatchObject({
            status: 'active',
            size: content.length,
            os_hash_algo: 'sha512',
            os_hash_value: hash,
          })
          expect(await getValue(api.locations.list(imageId))).toEqual(await getValue(demo.locations.ofRecord(imageId)))
          expect(await getValue(api.locations.list(imageId))).toMatchObject([{ url, metadata: { store: 'web' } }])
          // Only the first location is added by path.
          expect((await readError(demo.locations.add(imageId, { url })))._tag).toBe('Conflict')
        }),
      )

      it('reports invalid locations and missing permissions by path', () =>
        withImage(async (imageId) => {
          for (const refused of ['file:///etc/passwd', 'rbd://pool/image'])
            expect((await readError(demo.locations.add(imageId, { url: refused })))._tag).toBe('Forbidden')
          for (const error of [
            await readError(demo.locations.add(imageId, { url: 'http://localhost:1/x' })),
            await readError(demo.locations.add(imageId, { url, validation: { algorithm: 'sha512', value: 'ff' } })),
          ])
            expect(error._tag).toBe('Rejected')
          expect((await readError(reader.locations.add(imageId, { url })))._tag).toBe('Forbidden')
          expect(await readError(demo.locations.list(imageId))).toMatchObject({
            _tag: 'Forbidden',
            what: expect.stringContaining('fetch_image_location'),
          })
          expect((await readError(demo.locations.add(NO_LOGIN, { url })))._tag).toBe('NotFound')
          expect((await getValue(demo.images.get(imageId))).status).toBe('queued')
        }))

      // A hash mismatch does not remove an HTTP location: the image returns to queued and keeps it.
      it.each([
        ['unreachable URL', false, 0],
        ['hash mismatch', true, 1],
      ])('fails the task and keeps the image queued: %s', (_, isThere, left) =>
        withImage(async (imageId) => {
          await getValue(
            demo.locations.add(
              imageId,
              isThere
                ? { url, validation: { algorithm: 'sha512', value: '0'.repeat(128) } }
                : { url: 'http://127.0.0.1:1/x' },
            ),
          )
          const { task, image } = await settled(imageId)
          expect({ task: task.status, image: image.status }).toEqual({ task: 'failure', image: 'queued' })
          expect(image.locations).toHaveLength(left)
        }),
      )
    }
  })

  it('returns metadata definitions', async () => {
    const { items, marker } = await getValue(api.metadefs.namespaces({ limit: 5 }))
    expect(items).toHaveLength(5)
    const following = await getValue(api.metadefs.namespaces({ limit: 5, marker }))
    expect(following.items[0]?.namespace).not.toBe(items[0]?.namespace)
    expect(
      (await getValue(api.metadefs.namespaces({ resourceTypes: ['OS::Glance::Image'], limit: 1000 }))).items.length,
    ).toBeGreaterThan(5)
    const watchdog = await getValue(api.metadefs.namespace('OS::Compute::Watchdog', 'OS::Glance::Image'))
    expect(Object.keys(watchdog.properties ?? {})).toEqual(['hw_watchdog_action'])
    expect((await getValue(api.metadefs.resourceTypes())).items.map(({ name }) => name)).toContain('OS::Glance::Image')
    expect(
      (await getValue(api.metadefs.listResourceTypes('OS::Compute::Watchdog'))).items.map(({ name }) => name),
    ).toContain('OS::Glance::Image')
    expect(Object.keys(await getValue(api.metadefs.properties('OS::Compute::Watchdog')))).toEqual(['watchdog_action'])
    expect(await getValue(api.metadefs.property('OS::Compute::Watchdog', 'watchdog_action'))).toMatchObject({
      type: 'string',
    })
    const all = (await getValue(api.metadefs.namespaces({ limit: 1000 }))).items
    let withObjects: { readonly namespace: string; readonly name: string } | null = null
    for (const { namespace } of all) {
      const [object] = (await getValue(api.metadefs.objects(namespace))).items
      if (object !== undefined) withObjects ??= { namespace, name: object.name }
      expect((await getValue(api.metadefs.tags(namespace))).rejected).toEqual([])
    }
    expect(await getValue(api.metadefs.object(withObjects?.namespace ?? '', withObjects?.name ?? ''))).toMatchObject({
      name: withObjects?.name,
    })
    expect((await readError(api.metadefs.tag('OS::Compute::Watchdog', 'none')))._tag).toBe('NotFound')
    expect((await readError(api.metadefs.namespace('None')))._tag).toBe('NotFound')
  })

  it('reports a missing Nova', async () => {
    expect(await readError(api.servers.list())).toMatchObject({
      _tag: 'ConfigInvalid',
      operation: 'servers.list',
      what: expect.stringContaining('compute'),
    })
  })
})
