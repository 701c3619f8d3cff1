import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import {
  createByteSource,
  perform,
  createErrorSite,
  waitFor,
  type ByteRange,
  type ByteSource,
  type ImageSource,
  type Operation,
} from '@imago/core/provider'
import { createTransport, systemTiming } from '@imago/http'
import { runningLabs, type LabUser } from '@imago/lab'
import { createHash, randomUUID } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { createOpenstackApi, createOpenstackSource, RUN_PROPERTY, type OpenstackOptions } from '../src/index.ts'
import { optionsOf, servedImage, valueOf } from './cloud.ts'
import { errorOf } from './error-of.ts'

const [lab] = runningLabs(process.env)
const transport = createTransport()

const optionsFor = ({ id, password, project }: LabUser): OpenstackOptions =>
  optionsOf(
    {
      authUrl: lab.authUrl,
      region: lab.region,
      userId: id,
      password,
      project: lab.projects[project as keyof typeof lab.projects],
    },
    transport,
  )

const admin = createOpenstackSource(optionsFor(lab.users.admin))
const source = createOpenstackSource(optionsFor(lab.users.demo))
const api = createOpenstackApi(optionsFor(lab.users.demo))

const BYTES = Uint8Array.from({ length: 3_000_000 }, (_, index) => (index * 7 + (index >> 8)) % 256)

const made: string[] = []
let image: Awaited<ReturnType<typeof servedImage>>

const create = async (properties: Readonly<Record<string, string>> = {}): Promise<string> => {
  const { ref } = await valueOf(
    perform(source, 'create', { name: 'imago data', diskFormat: 'raw', visibility: 'private', properties }),
  )
  made.push(ref.id)
  return ref.id
}

const read = async (bytes: ByteSource, range?: ByteRange): Promise<Buffer> => {
  const chunks: Uint8Array[] = []
  for await (const chunk of await valueOf(bytes.open(range))) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Tasks are known to the project that started them. */
const ended = async (operation: Operation, at: ImageSource = source): Promise<Operation> => {
  const poll = perform(at, 'operation', operation.id)
  await waitFor(createErrorSite(source.cloud, 'wait'), poll, {
    intervalMs: 100,
    deadlineMs: 30_000,
    clock: systemTiming.clock,
    sleep: systemTiming.sleep,
  })()
  return valueOf(poll)
}

const lastOf = async (id: string): Promise<Operation> => {
  const [operation] = await valueOf(perform(source, 'operations', id))
  if (operation === undefined) throw new Error('no work is known')
  return operation
}

beforeAll(async () => {
  image = await servedImage()
})
afterAll(async () => {
  for (const id of made) await source.delete?.(id)()
  await image.close()
  transport.close()
})

describe('data of the real Glance', () => {
  test('come back as they went: whole, from its cache, and any range of them', async () => {
    const id = await create()
    const { digests } = await valueOf(perform(source, 'upload', id, createByteSource(BYTES)))
    expect(digests).toContainEqual({
      algorithm: 'sha512',
      value: createHash('sha512').update(BYTES).digest('hex'),
      of: 'stored',
      assertedBy: 'provider',
    })
    const bytes = await valueOf(perform(source, 'download', id))
    // The first fills the cache, and has no length; the second comes from there.
    for (const _ of ['first', 'second']) expect((await read(bytes)).equals(BYTES)).toBe(true)
    for (const [start, end] of [
      [0, 1],
      [1, 2],
      [2_999_999, null],
      [1_000_000, 2_000_001],
      [10, 10 ** 9],
    ] as const)
      expect((await read(bytes, { start, end })).equals(BYTES.subarray(start, end ?? undefined))).toBe(true)
  })

  test('that are refused while they are sent: what Glance said is told, and the image waits on', async () => {
    const id = await create()
    async function* zeros(): AsyncGenerator<Uint8Array> {
      for (let sent = 0; sent < 256; sent++) yield new Uint8Array(2 ** 20)
    }
    const many: ByteSource = { size: 256 * 2 ** 20, open: () => TE.fromIO(zeros) }
    for (const bytes of [many, { ...many, size: null }]) {
      expect(await errorOf(perform(source, 'upload', id, bytes, { store: 'nowhere' }))).toMatchObject({
        _tag: 'Rejected',
        what: expect.stringContaining('nowhere'),
      })
      expect((await valueOf(source.get(id))).providerStatus).toBe('queued')
    }
    expect((await valueOf(perform(source, 'upload', id, createByteSource(BYTES), { store: 'slow' }))).stores).toEqual([
      'slow',
    ])
  })

  test('that stop on the way leave the image queued, soon', async () => {
    const id = await create()
    const controller = new AbortController()
    async function* stopping(): AsyncGenerator<Uint8Array> {
      yield BYTES
      // Glance has begun to take them.
      while ((await valueOf(source.get(id))).providerStatus !== 'saving')
        await new Promise((resolve) => setTimeout(resolve, 50))
      controller.abort()
      yield BYTES
    }
    expect(
      (
        await errorOf(
          perform(source, 'upload', id, { size: null, open: () => TE.fromIO(stopping) }, { signal: controller.signal }),
        )
      )._tag,
    ).toBe('Aborted')
    while ((await valueOf(source.get(id))).providerStatus !== 'queued')
      await new Promise((resolve) => setTimeout(resolve, 50))
    expect((await valueOf(perform(source, 'upload', id, createByteSource(BYTES)))).status).toBe('available')
  })

  test('one image of a chosen id, and no second', async () => {
    const id = randomUUID()
    const request = { id, name: 'imago chosen', diskFormat: 'raw' }
    made.push((await valueOf(perform(source, 'create', request))).ref.id)
    expect(made.at(-1)).toBe(id)
    expect((await errorOf(perform(source, 'create', request)))._tag).toBe('Conflict')
    await valueOf(perform(source, 'delete', id))
    // Glance keeps the ids of deleted images.
    expect((await errorOf(perform(source, 'create', request)))._tag).toBe('Conflict')
  })

  test('what a run leaves is found and removed', async () => {
    const id = await create({ [RUN_PROPERTY]: 'run-1' })
    const mine = (await valueOf(perform(source, 'orphans'))).filter((leftover) => leftover.id === id)
    expect(mine).toMatchObject([{ kind: 'image', run: 'run-1', name: 'imago data' }])
    for (const leftover of mine) await valueOf(perform(source, 'deleteOrphan', leftover))
    expect((await errorOf(source.get(id)))._tag).toBe('NotFound')
  })
})

describe('imports of the real Glance', () => {
  test('glance-direct: staged by the typed client', async () => {
    const id = await create()
    await valueOf(api.data.stage(id, { bytes: createByteSource(BYTES) }))
    expect((await valueOf(source.get(id))).providerStatus).toBe('uploading')
    expect((await errorOf(api.data.stage(id, { bytes: createByteSource(BYTES) })))._tag).toBe('Conflict')
    await valueOf(api.imports.start(id, { name: 'glance-direct' }))
    expect(await ended(await lastOf(id))).toMatchObject({ kind: 'api_image_import', status: 'success', error: null })
    expect((await read(await valueOf(perform(source, 'download', id)))).equals(BYTES)).toBe(true)
  })

  test('web-download: into two stores; from nowhere, and then again', async () => {
    const id = await create()
    const failed = await valueOf(perform(source, 'importFromUrl', id, { url: 'http://127.0.0.1:1/image.raw' }))
    expect(await ended(failed)).toMatchObject({
      id: failed.id,
      status: 'error',
      error: expect.stringContaining('store fast got no data'),
    })
    expect((await valueOf(source.get(id))).providerStatus).toBe('queued')

    const again = await valueOf(perform(source, 'importFromUrl', id, { url: image.url, stores: ['fast', 'slow'] }))
    expect(again.id).not.toBe(failed.id)
    expect(await ended(again)).toMatchObject({ status: 'success' })
    expect((await valueOf(source.get(id))).stores.toSorted()).toEqual(['fast', 'slow'])
    // The first failed, whatever came after.
    expect(await valueOf(perform(source, 'operation', failed.id))).toMatchObject({ status: 'error' })
  })

  test('web-download from where Glance must not go is Rejected at once', async () => {
    expect(
      await errorOf(perform(source, 'importFromUrl', await create(), { url: 'http://169.254.169.254/latest' })),
    ).toMatchObject({ _tag: 'Rejected' })
  })

  test('copy-image: to another store, and what is there already is not asked for', async () => {
    const id = await create()
    await valueOf(perform(source, 'upload', id, createByteSource(BYTES)))
    expect(await ended(await valueOf(perform(admin, 'copyToStore', id, { stores: ['slow'] })), admin)).toMatchObject({
      status: 'success',
    })
    expect((await valueOf(source.get(id))).stores.toSorted()).toEqual(['fast', 'slow'])
    expect(await valueOf(perform(admin, 'copyToStore', id, { stores: ['slow', 'fast'] }))).toMatchObject({
      status: 'success',
      error: null,
    })
  })

  test('glance-download: of an image, and of one that is not there, which only its task tells', async () => {
    const origin = await create()
    await valueOf(perform(source, 'upload', origin, createByteSource(BYTES)))
    const id = await create()
    await valueOf(api.imports.start(id, { name: 'glance-download', imageId: origin, region: lab.region }))
    expect(await ended(await lastOf(id))).toMatchObject({ status: 'success' })
    expect((await read(await valueOf(perform(source, 'download', id)))).equals(BYTES)).toBe(true)

    const lost = await create()
    await valueOf(api.imports.start(lost, { name: 'glance-download', imageId: origin, region: 'Nowhere' }))
    expect(await ended(await lastOf(lost))).toMatchObject({ status: 'error' })
    expect(await valueOf(api.images.get(lost))).toMatchObject({ status: 'queued', os_glance_failed_import: '' })
    // By its record alone, too.
    expect(await valueOf(perform(source, 'operation', lost))).toMatchObject({ status: 'error' })
    expect(E.isRight(await perform(source, 'upload', lost, createByteSource(BYTES))())).toBe(true)
  })
})
