import { describe, expect, test } from '@jest/globals'
import { toClient, type ImageClient } from '@imago/core'
import { createByteSource, ImageException, createErrorSite, unavailable, waitFor } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { bareImage } from '../../src/bare-image.ts'
import { createMemoryCloud } from '../../src/memory/cloud.ts'
import { createMemorySource } from '../../src/memory/source.ts'

const BYTES = Uint8Array.of(1, 2, 3)
const URL_OF_BYTES = 'https://images.test/signed?key=secret'

/** Returns the error that a client throws. */
const catchError = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'nothing',
    (thrown: unknown) => (ImageException.is(thrown) ? thrown.error : thrown),
  )

/** A cloud whose operations take a second, with two projects and an administrator as callers. */
const setting = () => {
  let time = 0
  const asking = createMemoryCloud({
    images: [
      bareImage('open', { owner: 'a', visibility: 'public' }),
      bareImage('closed', { owner: 'a', visibility: 'private' }),
      bareImage('known', { owner: 'a', visibility: 'community' }),
      bareImage('given', { owner: 'a', visibility: 'shared' }),
    ],
    bytes: { closed: BYTES },
    servers: { web: BYTES },
    urls: { [URL_OF_BYTES]: BYTES },
    stores: ['fast', 'cheap'],
    filters: ['visibility'],
    clock: () => time,
    workMs: 1000,
  })
  const pass = (ms: number): void => void (time += ms)
  return {
    asking,
    a: toClient(asking({ project: 'a' })),
    b: toClient(asking({ project: 'b' })),
    all: toClient(asking()),
    pass,
  }
}

const listed = async (client: ImageClient, visibility?: 'community' | 'shared'): Promise<readonly string[]> =>
  (await client.listAll(visibility === undefined ? {} : { visibility })).items.map(({ ref }) => ref.id)

describe('createMemoryCloud with several projects', () => {
  test('shows visible images to each project, and lists those meant for it', async () => {
    const { a, b, all } = setting()
    expect(await listed(a)).toEqual(['open', 'closed', 'known', 'given'])
    expect(await listed(all)).toEqual(['open', 'closed', 'known', 'given'])
    expect(await listed(b)).toEqual(['open'])
    expect(await listed(b, 'community')).toEqual(['known'])
    expect((await b.get('known')).ref.id).toBe('known')
    for (const id of ['closed', 'given']) expect(await catchError(b.get(id))).toMatchObject({ _tag: 'NotFound' })
  })

  test('refuses changes of another project’s images', async () => {
    const { b, all } = setting()
    expect(await catchError(b.update('open', { name: 'mine' }))).toMatchObject({ _tag: 'Forbidden', reason: 'owner' })
    expect(await catchError(b.delete('open'))).toMatchObject({ _tag: 'Forbidden' })
    expect(await catchError(b.delete('closed'))).toMatchObject({ _tag: 'NotFound' })
    expect((await all.update('open', { name: 'seen' })).name).toBe('seen')
    expect((await b.get('open')).name).toBe('seen')
  })

  test('shares an image, and lists it once it is accepted', async () => {
    const { a, b } = setting()
    expect(await a.share('given', { action: 'invite', project: 'b' })).toEqual([{ project: 'b', status: 'pending' }])
    expect(await a.share('given', { action: 'invite', project: 'c' })).toHaveLength(2)
    expect(await listed(b)).toEqual(['open'])
    expect(await listed(b, 'shared')).toEqual(['given'])
    expect(await b.share('given', { action: 'accept', project: 'b' })).toEqual([{ project: 'b', status: 'accepted' }])
    expect(await b.shares('given')).toEqual([{ project: 'b', status: 'accepted' }])
    expect(await listed(b)).toEqual(['open', 'given'])
    await b.share('given', { action: 'decline', project: 'b' })
    expect(await listed(b)).toEqual(['open'])
    expect(await a.shares('given')).toEqual(
      expect.arrayContaining([
        { project: 'b', status: 'declined' },
        { project: 'c', status: 'pending' },
      ]),
    )
    await a.share('given', { action: 'withdraw', project: 'b' })
    expect(await catchError(b.get('given'))).toMatchObject({ _tag: 'NotFound' })
  })

  test('refuses shares that are not allowed', async () => {
    const { a, b } = setting()
    expect(await catchError(a.share('closed', { action: 'invite', project: 'b' }))).toMatchObject({
      _tag: 'Forbidden',
      reason: 'visibility',
    })
    expect(await catchError(a.share('given', { action: 'invite', project: '' }))).toMatchObject({ _tag: 'Rejected' })
    await a.share('given', { action: 'invite', project: 'b' })
    expect(await catchError(a.share('given', { action: 'invite', project: 'b' }))).toMatchObject({ _tag: 'Conflict' })
    expect(await catchError(a.share('given', { action: 'accept', project: 'b' }))).toMatchObject({
      _tag: 'Forbidden',
      reason: 'member',
    })
    expect(await catchError(b.share('given', { action: 'withdraw', project: 'b' }))).toMatchObject({
      _tag: 'Forbidden',
      reason: 'owner',
    })
    expect(await catchError(a.share('given', { action: 'withdraw', project: 'c' }))).toMatchObject({ _tag: 'NotFound' })
    expect(await b.shares('open')).toEqual([])
  })

  test('refuses only changes to read-only credentials', async () => {
    const { asking } = setting()
    const reader = toClient(asking({ project: 'a', readOnly: true }))
    expect((await reader.download('closed')).size).toBe(3)
    expect(await reader.operations('closed')).toEqual([])
    for (const work of [
      reader.update('closed', {}),
      reader.createFromServer({ serverId: 'web' }),
      reader.share('given', { action: 'invite', project: 'b' }),
    ])
      expect(await catchError(work)).toMatchObject({ _tag: 'Forbidden', reason: 'read only' })
  })
})

describe('the operations of a memory cloud', () => {
  test('progress by the clock, and create an image from a server', async () => {
    const { a, b, pass } = setting()
    const { image, operation } = await a.createFromServer({ serverId: 'web', name: 'nightly', labels: { keep: '7' } })
    expect(image).toMatchObject({
      status: 'pending',
      kind: 'snapshot',
      name: 'nightly',
      owner: 'a',
      labels: { keep: '7' },
      origins: [{ relation: 'created-from', kind: 'server', id: 'web' }],
    })
    expect(operation).toMatchObject({ kind: 'create_image', status: 'running', progress: 0, finishedAt: null })
    pass(250)
    expect(await a.operation(operation.id)).toMatchObject({ status: 'running', progress: 0.25 })
    expect((await a.get(image.ref.id)).status).toBe('pending')
    expect(await catchError(a.upload(image.ref.id, createByteSource(BYTES)))).toMatchObject({ _tag: 'Conflict' })
    expect(await catchError(b.operation(operation.id))).toMatchObject({ _tag: 'NotFound' })
    pass(750)
    expect(await a.get(image.ref.id)).toMatchObject({ status: 'available', size: { stored: 3 }, stores: ['fast'] })
    expect(await a.operation(operation.id)).toMatchObject({
      status: 'success',
      progress: 1,
      error: null,
      finishedAt: expect.any(String),
    })
    expect(await catchError(a.createFromServer({ serverId: 'db' }))).toMatchObject({ _tag: 'NotFound' })
  })

  test('fetch data, and report failures without the URL', async () => {
    const { a, pass } = setting()
    const { ref } = await a.create({ name: 'fetched', diskFormat: 'raw' })
    const failing = await a.importFromUrl(ref.id, { url: 'https://elsewhere.test/?key=secret' })
    expect(await catchError(a.importFromUrl(ref.id, { url: URL_OF_BYTES }))).toMatchObject({ _tag: 'Conflict' })
    pass(1000)
    const failed = await a.operation(failing.id)
    expect(failed).toMatchObject({ status: 'error', error: 'the URL could not be fetched' })
    expect((await a.get(ref.id)).status).toBe('pending')
    expect(await catchError(a.importFromUrl(ref.id, { url: URL_OF_BYTES, stores: ['tape'] }))).toMatchObject({
      _tag: 'Rejected',
    })
    const working = await a.importFromUrl(ref.id, { url: URL_OF_BYTES, stores: ['cheap'] })
    pass(1000)
    expect(await a.get(ref.id)).toMatchObject({ status: 'available', stores: ['cheap'] })
    expect((await a.operations(ref.id)).map(({ id, status }) => [id, status])).toEqual([
      [working.id, 'success'],
      [failing.id, 'error'],
    ])
    expect(JSON.stringify(await a.operations(ref.id))).not.toContain('secret')
    expect(await catchError(a.importFromUrl(ref.id, { url: URL_OF_BYTES }))).toMatchObject({ _tag: 'Conflict' })
  })

  test('copy data to further stores', async () => {
    const { a, pass } = setting()
    await a.copyToStore('closed', { stores: ['cheap', 'fast'] })
    pass(1000)
    expect((await a.get('closed')).stores).toEqual(['cheap', 'fast'])
    expect(await catchError(a.copyToStore('closed', { stores: ['tape'] }))).toMatchObject({ _tag: 'Rejected' })
    expect(await catchError(a.copyToStore('given', { stores: ['fast'] }))).toMatchObject({ _tag: 'Conflict' })
  })

  test('fail if their image is deleted meanwhile', async () => {
    const { a, pass } = setting()
    const { image, operation } = await a.createFromServer({ serverId: 'web' })
    await a.delete(image.ref.id)
    pass(1000)
    expect(await a.operation(operation.id)).toMatchObject({ status: 'error', error: 'the image was deleted' })
    expect(await catchError(a.get(image.ref.id))).toMatchObject({ _tag: 'NotFound' })
  })

  test('have ended at the next request, unless workMs is set', async () => {
    const source = createMemorySource({ servers: { web: BYTES } })
    const { image, operation } = await toClient(source).createFromServer({ serverId: 'web' })
    expect(image.status).toBe('pending')
    expect(operation.status).toBe('running')
    expect((await toClient(source).get(image.ref.id)).status).toBe('available')
  })

  test('can be waited for', async () => {
    const { asking, a, pass } = setting()
    const { operation } = await a.createFromServer({ serverId: 'web' })
    const poll =
      asking({ project: 'a' }).operation?.(operation.id) ??
      (async () =>
        E.left(
          unavailable(createErrorSite({ provider: 'memory', cloud: null }, 'operation'), { what: 'no such method' }),
        ))
    const waited: number[] = []
    const done = await waitFor(createErrorSite({ provider: 'memory', cloud: 'test' }, 'wait'), poll, {
      intervalMs: 400,
      deadlineMs: 10_000,
      clock: () => 0,
      sleep: async (ms) => pass(ms),
      onProgress: ({ progress }) => void waited.push(progress ?? -1),
    })()
    expect(done).toMatchObject({ right: { status: 'success' } })
    expect(waited).toEqual([0, 0.4, 0.8, 1])
  })

  test('fail an upload if its image is deleted or filled meanwhile', async () => {
    const { a } = setting()
    const meanwhile = (change: (id: string) => Promise<unknown>) => async (): Promise<unknown> => {
      const { ref } = await a.create({ name: 'slow', diskFormat: 'raw' })
      async function* slow(): AsyncGenerator<Uint8Array> {
        await change(ref.id)
        yield BYTES
      }
      return catchError(a.upload(ref.id, { size: null, open: () => async () => E.right(slow()) }))
    }
    expect(await meanwhile((id) => a.delete(id))()).toMatchObject({ _tag: 'NotFound' })
    expect(await meanwhile((id) => a.upload(id, createByteSource(BYTES)))()).toMatchObject({ _tag: 'Conflict' })
  })
})
