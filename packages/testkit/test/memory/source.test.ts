import { createHash } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { pages, toClient } from '@imago/core'
import { createByteSource, Image, ImageException, listAll, createErrorSite, unavailable } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { bareImage } from '../../src/bare-image.ts'
import { failingAt, loopingAt } from '../../src/memory/fault.ts'
import { createMemorySource } from '../../src/memory/source.ts'

const images = Array.from({ length: 5 }, (_, at) => bareImage(`image-${at}`, { name: at % 2 === 0 ? 'even' : 'odd' }))
const listIds = (all: readonly Image[]): readonly string[] => all.map(({ ref }) => ref.id)

/** Returns the tag of the error that a client throws. */
const catchTag = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'nothing',
    (thrown: unknown) => (ImageException.is(thrown) ? thrown.error._tag : 'something else'),
  )

describe('createMemorySource', () => {
  test('converts its input to images of its cloud', async () => {
    const cloud = { provider: 'memory', cloud: 'mine', region: 'here' }
    const image = await toClient(createMemorySource({ cloud, images })).get('image-0')
    expect(Image.is(image)).toBe(true)
    expect(image.ref).toEqual({ ...cloud, id: 'image-0' })
  })

  test.each([false, true])('lists in pages (ahead: %s)', async (ahead) => {
    const source = createMemorySource({ images, pageSize: 2, ahead })
    const sizes: number[] = []
    for await (const answer of pages(source)) sizes.push(E.isRight(answer) ? answer.right.items.length : -1)
    expect(sizes).toEqual([2, 2, 1])
    expect(await source.listPage({}, null)()).toMatchObject({
      right: { next: '2', ...(ahead ? { ahead: ['2', '4'] } : {}) },
    })
    expect(await source.listPage({}, '4')()).toMatchObject({ right: { next: null, ...(ahead ? { ahead: [] } : {}) } })
  })

  test('accepts a smaller page size, and only its own cursors', async () => {
    const source = createMemorySource({ images, pageSize: 2 })
    expect(await source.listPage({}, null, { pageSize: 1 })()).toMatchObject({ right: { items: [{}], next: '1' } })
    expect(await source.listPage({}, 'nonsense')()).toMatchObject({ left: { _tag: 'Rejected' } })
  })

  test('applies the filters that it declares, and leaves the rest to core', async () => {
    for (const filters of [[], ['name'], ['name', 'hidden']] as const) {
      const source = createMemorySource({ images, filters })
      const page = await source.listPage({ name: 'odd' }, null)()
      expect(E.isRight(page) && page.right.items.length).toBe(filters.length === 0 ? 5 : 2)
      expect(listIds((await toClient(source).listAll({ name: 'odd' })).items)).toEqual(['image-1', 'image-3'])
    }
  })

  test('stores changes, and nothing else', async () => {
    const cloud = toClient(createMemorySource({ images, now: () => '2030-01-01T00:00:00Z' }))
    const updated = await cloud.update('image-1', {
      name: 'new',
      labels: { a: '1', ['__proto__']: '2' },
      tags: ['b', 'a', 'b'],
    })
    expect(Image.is(updated)).toBe(true)
    expect(updated).toMatchObject({
      name: 'new',
      tags: ['a', 'b'],
      updatedAt: '2030-01-01T00:00:00Z',
      description: null,
    })
    expect(Object.keys(updated.labels)).toEqual(['a', '__proto__'])
    expect(updated.raw).toMatchObject({ name: 'new' })
    expect(await cloud.get('image-1')).toEqual(updated)
    expect((await cloud.update('image-1', { labels: { a: null } })).labels).toEqual(JSON.parse('{"__proto__":"2"}'))
    expect(images[1]?.name).toBe('odd')
  })

  test('isolates two clouds from each other', async () => {
    const [one, other] = [toClient(createMemorySource({ images })), toClient(createMemorySource({ images }))]
    await one.delete('image-0')
    expect((await other.get('image-0')).ref.id).toBe('image-0')
  })

  test('stores bytes, and returns their digest', async () => {
    const cloud = toClient(createMemorySource())
    const bytes = new TextEncoder().encode('an image')
    const { ref } = await cloud.create({ name: 'made', diskFormat: 'qcow2' })
    const image = await cloud.upload(ref.id, createByteSource(bytes))
    expect(image).toMatchObject({
      status: 'available',
      size: { stored: 8 },
      digests: [{ algorithm: 'sha512', value: createHash('sha512').update('an image').digest('hex') }],
    })
    const chunks: Uint8Array[] = []
    const opened = await (await cloud.download(ref.id)).open({ start: 3, end: null })()
    for await (const chunk of E.isRight(opened) ? opened.right : []) chunks.push(chunk)
    expect(Buffer.concat(chunks).toString()).toBe('image')
  })

  test('returns the bytes that it was created with', async () => {
    const cloud = toClient(createMemorySource({ images, bytes: { 'image-0': Uint8Array.of(1, 2) } }))
    expect((await cloud.download('image-0')).size).toBe(2)
    expect(await catchTag(cloud.download('image-1'))).toBe('Conflict')
  })

  test('leaves out methods and their capabilities', async () => {
    const source = createMemorySource({ without: ['update', 'upload'] })
    expect(source.update).toBeUndefined()
    expect(source.upload).toBeUndefined()
    expect(source.capabilities).toMatchObject({
      operations: expect.not.arrayContaining(['update', 'upload']),
      changes: [],
      digests: [],
    })
    expect(await catchTag(toClient(source).update('x', {}))).toBe('Unsupported')
  })

  test('simulates a list that loops, and a page that fails', async () => {
    const looping = createMemorySource({ images, pageSize: 2, ahead: true, fault: loopingAt(1) })
    expect(await listAll(looping)()).toMatchObject({ left: { _tag: 'DecodeFailed' } })
    const error = unavailable(createErrorSite(looping.cloud, 'listPage'), { what: 'down' })
    const failing = createMemorySource({ images, pageSize: 2, fault: failingAt(1, error) })
    expect(await listAll(failing)()).toEqual(E.left(error))
    expect(await failing.listPage({}, null)()).toMatchObject({ right: { items: [{}, {}] } })
  })

  test('assigns the IDs of newId, each only once', async () => {
    const cloud = toClient(createMemorySource())
    const request = { id: '5f0c9c2e-0000-4000-8000-000000000001', name: 'made', diskFormat: 'raw' }
    expect((await cloud.create(request)).ref.id).toBe(request.id)
    expect(await catchTag(cloud.create(request))).toBe('Conflict')
    await cloud.delete(request.id)
    expect(await catchTag(cloud.create(request))).toBe('Conflict')
  })

  test('behaves as a provider of disks: no records without data, no formats, no digests', async () => {
    const source = createMemorySource({ disks: true })
    expect(source.capabilities).toMatchObject({ digests: [] })
    expect(source.create).toBeUndefined()
    const cloud = toClient(source)
    const { image, verified } = await cloud.createFromBytes(
      { name: 'made', diskFormat: 'raw', labels: { a: '1' } },
      createByteSource(Uint8Array.of(1, 2, 3)),
      { run: 'one', virtualSize: 10 },
    )
    expect(verified).toBe('digest-match')
    expect(await cloud.get(image.ref.id)).toEqual(image)
    expect(image).toMatchObject({
      status: 'available',
      labels: { a: '1' },
      format: { disk: null },
      size: { stored: 3, virtual: 10 },
      digests: [],
    })
    expect((await cloud.download(image.ref.id)).size).toBe(3)
    expect(
      await catchTag(
        cloud.createFromBytes(
          { name: 'made', diskFormat: 'raw' },
          { ...createByteSource(Uint8Array.of(1)), size: 2 },
          { run: 'one' },
        ),
      ),
    ).toBe('IntegrityFailed')
  })
})
