import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  RUN_PROPERTY,
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
import { createOpenstackApi, createOpenstackSource, type OpenstackOptions } from '../src/index.ts'
import { toSourceOptions, servedImage, getValue } from './cloud.ts'
import { getError } from './get-error.ts'

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

const admin = createOpenstackSource(optionsFor(lab.users.admin))
const source = createOpenstackSource(optionsFor(lab.users.demo))
const api = createOpenstackApi(optionsFor(lab.users.demo))

const BYTES = Uint8Array.from({ length: 3_000_000 }, (_, index) => (index * 7 + (index >> 8)) % 256)

const made: string[] = []
let image: Awaited<ReturnType<typeof servedImage>>

const create = async (properties: Readonly<Record<string, string>> = {}): Promise<string> => {
  const { ref } = await getValue(
    perform(source, 'create', { name: 'imago data', diskFormat: 'raw', visibility: 'private', properties }),
  )
  made.push(ref.id)
  return ref.id
}

const read = async (bytes: ByteSource, range?: ByteRange): Promise<Buffer> => {
  const chunks: Uint8Array[] = []
  for await (const chunk of await getValue(bytes.open(range))) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Tasks are visible only to the project that started them. */
const ended = async (operation: Operation, at: ImageSource = source): Promise<Operation> => {
  const poll = perform(at, 'operation', operation.id)
  await waitFor(createErrorSite(source.cloud, 'wait'), poll, {
    intervalMs: 100,
    deadlineMs: 30_000,
    clock: systemTiming.clock,
    sleep: systemTiming.sleep,
  })()
  return getValue(poll)
}

const fetchLast = async (id: string): Promise<Operation> => {
  const [operation] = await getValue(perform(source, 'operations', id))
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

describe('data with a real Glance', () => {
  it('are downloaded unchanged: in full, from the cache, and in ranges', async () => {
    const id = await create()
    const { digests } = await getValue(perform(source, 'upload', id, createByteSource(BYTES)))
    expect(digests).toContainEqual({
      algorithm: 'sha512',
      value: createHash('sha512').update(BYTES).digest('hex'),
      of: 'stored',
      assertedBy: 'provider',
    })
    const bytes = await getValue(perform(source, 'download', id))
    // The first download fills the cache and has no length; the second one is served from it.
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

  it('return Glance’s message when rejected during the upload, and the image stays queued', async () => {
    const id = await create()
    async function* zeros(): AsyncGenerator<Uint8Array> {
      for (let sent = 0; sent < 256; sent++) yield new Uint8Array(2 ** 20)
    }
    const many: ByteSource = { size: 256 * 2 ** 20, open: () => TE.fromIO(zeros) }
    for (const bytes of [many, { ...many, size: null }]) {
      expect(await getError(perform(source, 'upload', id, bytes, { store: 'nowhere' }))).toMatchObject({
        _tag: 'Rejected',
        what: expect.stringContaining('nowhere'),
      })
      expect((await getValue(source.get(id))).providerStatus).toBe('queued')
    }
    expect((await getValue(perform(source, 'upload', id, createByteSource(BYTES), { store: 'slow' }))).stores).toEqual([
      'slow',
    ])
  })

  it('return to queued after an interrupted upload', async () => {
    const id = await create()
    const controller = new AbortController()
    async function* stopping(): AsyncGenerator<Uint8Array> {
      yield BYTES
      // Glance has started to receive data.
      while ((await getValue(source.get(id))).providerStatus !== 'saving')
        await new Promise((resolve) => setTimeout(resolve, 50))
      controller.abort()
      yield BYTES
    }
    expect(
      (
        await getError(
          perform(source, 'upload', id, { size: null, open: () => TE.fromIO(stopping) }, { signal: controller.signal }),
        )
      )._tag,
    ).toBe('Aborted')
    while ((await getValue(source.get(id))).providerStatus !== 'queued')
      await new Promise((resolve) => setTimeout(resolve, 50))
    expect((await getValue(perform(source, 'upload', id, createByteSource(BYTES)))).status).toBe('available')
  })

  it('are created once for a chosen ID', async () => {
    const id = randomUUID()
    const request = { id, name: 'imago chosen', diskFormat: 'raw' }
    made.push((await getValue(perform(source, 'create', request))).ref.id)
    expect(made.at(-1)).toBe(id)
    expect((await getError(perform(source, 'create', request)))._tag).toBe('Conflict')
    await getValue(perform(source, 'delete', id))
    // Glance keeps the IDs of deleted images.
    expect((await getError(perform(source, 'create', request)))._tag).toBe('Conflict')
  })

  it('of a run without an upload are found and deleted', async () => {
    const id = await create({ [RUN_PROPERTY]: 'run-1' })
    const mine = (await getValue(perform(source, 'orphans'))).filter((orphan) => orphan.id === id)
    expect(mine).toMatchObject([{ kind: 'image', run: 'run-1', name: 'imago data' }])
    for (const orphan of mine) await getValue(perform(source, 'deleteOrphan', orphan))
    expect((await getError(source.get(id)))._tag).toBe('NotFound')
  })
})

describe('imports with a real Glance', () => {
  it('glance-direct imports staged data', async () => {
    const id = await create()
    await getValue(api.data.stage(id, { bytes: createByteSource(BYTES) }))
    expect((await getValue(source.get(id))).providerStatus).toBe('uploading')
    expect((await getError(api.data.stage(id, { bytes: createByteSource(BYTES) })))._tag).toBe('Conflict')
    await getValue(api.imports.start(id, { name: 'glance-direct' }))
    expect(await ended(await fetchLast(id))).toMatchObject({ kind: 'api_image_import', status: 'success', error: null })
    expect((await read(await getValue(perform(source, 'download', id)))).equals(BYTES)).toBe(true)
  })

  it('web-download imports into two stores, fails for an unreachable URL, and can be repeated', async () => {
    const id = await create()
    const failed = await getValue(perform(source, 'importFromUrl', id, { url: 'http://127.0.0.1:1/image.raw' }))
    expect(await ended(failed)).toMatchObject({
      id: failed.id,
      status: 'error',
      error: expect.stringContaining('store fast got no data'),
    })
    expect((await getValue(source.get(id))).providerStatus).toBe('queued')

    const again = await getValue(perform(source, 'importFromUrl', id, { url: image.url, stores: ['fast', 'slow'] }))
    expect(again.id).not.toBe(failed.id)
    expect(await ended(again)).toMatchObject({ status: 'success' })
    expect((await getValue(source.get(id))).stores.toSorted()).toEqual(['fast', 'slow'])
    // The first operation stays failed after later ones.
    expect(await getValue(perform(source, 'operation', failed.id))).toMatchObject({ status: 'error' })
  })

  it('web-download rejects a disallowed URL at once', async () => {
    expect(
      await getError(perform(source, 'importFromUrl', await create(), { url: 'http://169.254.169.254/latest' })),
    ).toMatchObject({ _tag: 'Rejected' })
  })

  it('copy-image copies to another store and skips stores that have the data', async () => {
    const id = await create()
    await getValue(perform(source, 'upload', id, createByteSource(BYTES)))
    expect(await ended(await getValue(perform(admin, 'copyToStore', id, { stores: ['slow'] })), admin)).toMatchObject({
      status: 'success',
    })
    expect((await getValue(source.get(id))).stores.toSorted()).toEqual(['fast', 'slow'])
    expect(await getValue(perform(admin, 'copyToStore', id, { stores: ['slow', 'fast'] }))).toMatchObject({
      status: 'success',
      error: null,
    })
  })

  it('glance-download imports an image; only its task reports a missing one', async () => {
    const origin = await create()
    await getValue(perform(source, 'upload', origin, createByteSource(BYTES)))
    const id = await create()
    await getValue(api.imports.start(id, { name: 'glance-download', imageId: origin, region: lab.region }))
    expect(await ended(await fetchLast(id))).toMatchObject({ status: 'success' })
    expect((await read(await getValue(perform(source, 'download', id)))).equals(BYTES)).toBe(true)

    const lost = await create()
    await getValue(api.imports.start(lost, { name: 'glance-download', imageId: origin, region: 'Nowhere' }))
    expect(await ended(await fetchLast(lost))).toMatchObject({ status: 'error' })
    expect(await getValue(api.images.get(lost))).toMatchObject({ status: 'queued', os_glance_failed_import: '' })
    // The record alone shows the failure, too.
    expect(await getValue(perform(source, 'operation', lost))).toMatchObject({ status: 'error' })
    expect(E.isRight(await perform(source, 'upload', lost, createByteSource(BYTES))())).toBe(true)
  })
})
