import { describe, expect, it } from '@jest/globals'
import { createMasker, listAll, perform, type ImageResult, type ImageError } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { createOpenstackSource } from '../src/index.ts'
import { getValue } from './cloud.ts'
import { localGlance } from './local-glance.ts'

const createId = (index: number): string => `6e3f2a0b-0000-4000-8000-${String(index).padStart(12, '0')}`
const fetchImage = (
  index: number,
  more: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> => ({
  id: createId(index),
  name: `n${index}`,
  status: 'active',
  visibility: 'private',
  os_hidden: false,
  tags: [],
  min_disk: 0,
  min_ram: 0,
  protected: false,
  created_at: '2026-01-01T00:00:00Z',
  schema: '/v2/schemas/image',
  ...more,
})
const next = (index: number): string => `/v2/images?marker=${createId(index)}`
const fault = (status: number, message: string): { readonly status: number; readonly body: unknown } => ({
  status,
  body: { message, code: `${status} X`, title: 'X' },
})

const readError = async (answer: ImageResult<unknown>): Promise<ImageError> => {
  const result = await answer()
  if (E.isRight(result)) throw new Error('it succeeded')
  return result.left
}

describe('listPage', () => {
  it('requests a small page first, then the largest, within the limit of images', async () => {
    const { options, seen } = await localGlance(({ url }) => ({
      body: {
        images: [fetchImage(url.includes('marker') ? 2 : 1)],
        ...(url.includes('marker') ? {} : { next: next(1) }),
      },
    }))
    const source = createOpenstackSource(options)
    await getValue(listAll(source))
    await getValue(listAll(source, {}, { pageSize: 7 }))
    await getValue(source.listPage({}, null, { pageSize: 5000 }))
    expect(seen.map(({ url }) => new URL(url, 'http://x').searchParams.get('limit'))).toEqual([
      '100',
      '1000',
      '7',
      '7',
      '1000',
    ])
  })

  it('reports the next cursor before it returns the page, and none on the last one', async () => {
    const { options } = await localGlance(({ url }) => ({
      body: {
        images: [fetchImage(url.includes('marker') ? 2 : 1)],
        ...(url.includes('marker') ? {} : { next: next(1) }),
      },
    }))
    const source = createOpenstackSource(options)
    const events: (string | null)[] = []
    const onNext = (cursor: string): void => void events.push(`told ${cursor}`)
    const first = await getValue(source.listPage({}, null, { onNext }))
    events.push('given')
    await getValue(source.listPage({}, first.next, { onNext }))
    expect(events).toEqual([`told ${first.next ?? 'nothing'}`, 'given'])
    expect(first.next).not.toBe(null)
  })

  it('reports unreadable records and keeps the others; unexpected values are drift', async () => {
    const { options } = await localGlance(() => ({
      body: { images: [fetchImage(1), { name: 'no id' }, 'x', fetchImage(2, { status: 'frozen', min_disk: 'many' })] },
    }))
    const page = await getValue(createOpenstackSource(options).listPage({}, null))
    expect(page.items.map(({ ref, status }) => [ref.id, status])).toEqual([
      [createId(1), 'available'],
      [createId(2), 'unknown'],
    ])
    expect(page.rejected.map(({ pointer }) => pointer)).toEqual(['/images/1', '/images/2'])
    expect(page.drift.map(({ pointer }) => pointer)).toEqual(['/images/3/status', '/images/3/min_disk'])
  })

  it('drops images from a case-insensitive database that do not match', async () => {
    const { options } = await localGlance(() => ({
      body: { images: [fetchImage(1, { name: 'Web' }), fetchImage(2, { name: 'web' })] },
    }))
    expect(
      (await getValue(createOpenstackSource(options).listPage({ name: 'web' }, null))).items.map(({ name }) => name),
    ).toEqual(['web'])
  })

  it('returns no images without a request if Glance cannot have any', async () => {
    const { options, seen } = await localGlance(() => ({ body: { images: [fetchImage(1)] } }))
    for (const query of [{ labels: { env: 'prod' } }, { deprecated: true }, { kind: 'system' }] as const)
      expect((await getValue(listAll(createOpenstackSource(options), query))).items).toEqual([])
    expect(seen).toEqual([])
  })

  it('continues at the image before a deleted one without repeating images', async () => {
    const { options, seen } = await localGlance(({ url }) => {
      const marker = new URL(url, 'http://x').searchParams.get('marker')
      if (marker === null) return { body: { images: [fetchImage(1), fetchImage(2), fetchImage(3)], next: next(3) } }
      if (marker === createId(3)) return fault(400, `No image found with ID ${createId(3)}`)
      return { body: { images: [fetchImage(3), fetchImage(4)] } }
    })
    expect((await getValue(listAll(createOpenstackSource(options)))).items.map(({ ref }) => ref.id)).toEqual(
      [1, 2, 3, 4].map(createId),
    )
    expect(seen).toHaveLength(3)
  })

  it('fails if all images of the position were deleted', async () => {
    const { options } = await localGlance(({ url }) => {
      const marker = new URL(url, 'http://x').searchParams.get('marker')
      return marker === null
        ? { body: { images: [fetchImage(1), fetchImage(2)], next: next(2) } }
        : fault(400, `No image found with ID ${marker}`)
    })
    const source = createOpenstackSource(options)
    const { next: cursor } = await getValue(source.listPage({}, null))
    expect(await readError(source.listPage({}, cursor))).toMatchObject({ _tag: 'Conflict', operation: 'listPage' })
  })

  it('ends a circular list', async () => {
    const { options } = await localGlance(() => ({ body: { images: [fetchImage(1)], next: next(1) } }))
    expect((await readError(listAll(createOpenstackSource(options))))._tag).toBe('DecodeFailed')
  })

  it('rejects a cursor of another listing', async () => {
    const { options, seen } = await localGlance(() => ({ body: { images: [] } }))
    const source = createOpenstackSource(options)
    for (const [query, cursor] of [
      [{}, 'page 2'],
      [{}, `hidden:${createId(1)}`],
      [{ hidden: 'only' }, `visible:${createId(1)}`],
    ] as const)
      expect((await readError(source.listPage(query, cursor)))._tag).toBe('Rejected')
    expect(seen).toEqual([])
  })
})

describe('changes', () => {
  it('reads again after a conflicting update and sends the remaining differences', async () => {
    const { options, seen } = await localGlance(({ method }, index) => {
      if (method === 'GET') return { body: fetchImage(1, index === 0 ? { gone: 'x' } : {}) }
      return index === 1 ? fault(409, 'Property gone does not exist.') : { body: fetchImage(1, { name: 'new' }) }
    })
    expect(
      (
        await getValue(
          perform(createOpenstackSource(options), 'update', createId(1), { name: 'new', properties: { gone: null } }),
        )
      ).name,
    ).toBe('new')
    expect(
      seen
        .filter(({ method }) => method === 'PATCH')
        .map(({ body }) => (JSON.parse(body) as readonly { readonly path: string }[]).map(({ path }) => path)),
    ).toEqual([['/name', '/gone'], ['/name']])
  })

  it('report a conflict that persists', async () => {
    const { options, seen } = await localGlance(({ method }) =>
      method === 'GET' ? { body: fetchImage(1, { gone: 'x' }) } : fault(409, 'Property gone does not exist.'),
    )
    expect(
      await readError(perform(createOpenstackSource(options), 'update', createId(1), { properties: { gone: null } })),
    ).toMatchObject({ _tag: 'Conflict', hint: expect.stringContaining('which was changed at the same time') })
    expect(seen).toHaveLength(4)
  })

  it('report that Glance before Rocky cannot hide images', async () => {
    const { os_hidden: _, ...old } = fetchImage(1)
    const { options } = await localGlance(({ method }) =>
      method === 'GET' ? { body: old } : fault(409, 'Property os_hidden does not exist.'),
    )
    expect(await readError(perform(createOpenstackSource(options), 'hide', createId(1), true))).toMatchObject({
      _tag: 'Unsupported',
      capability: 'hide',
      what: expect.stringContaining('Rocky'),
    })
  })

  it('name a server image after the server by default', async () => {
    const { options, seen } = await localGlance(({ method, url }) => {
      if (url.includes('/compute/'))
        return method === 'GET'
          ? { body: { server: { id: createId(9), name: 'web' } } }
          : { status: 202, body: { image_id: createId(1) } }
      return { body: fetchImage(1, { status: 'queued', image_type: 'snapshot', instance_uuid: createId(9) }) }
    })
    const { image, operation } = await getValue(
      perform(createOpenstackSource(options), 'createFromServer', { serverId: createId(9), description: 'd' }),
    )
    expect(image).toMatchObject({ status: 'pending', kind: 'snapshot' })
    expect(operation).toMatchObject({ id: `${createId(1)}/createImage`, kind: 'createImage', status: 'running' })
    expect(JSON.parse(seen[1]?.body ?? '')).toEqual({ createImage: { name: 'web', metadata: { description: 'd' } } })
  })

  it.each([
    [{ kind: 'backup' }, 'rotation'],
    [{ labels: { a: 'b' } }, 'labels'],
  ] as const)('reject a server image with %j without sending a request', async (more, words) => {
    const { options, seen } = await localGlance(() => ({}))
    expect(
      await readError(perform(createOpenstackSource(options), 'createFromServer', { serverId: createId(9), ...more })),
    ).toMatchObject({ _tag: 'Rejected', what: expect.stringContaining(words) })
    expect(seen).toEqual([])
  })
})

describe('operations', () => {
  const tasks = [
    {
      id: 't1',
      type: 'api_image_import',
      status: 'failure',
      message: 'no space',
      created_at: '2026-01-01T00:00:00.000001',
      updated_at: '2026-01-01T00:00:05.000000',
    },
    {
      id: 't2',
      type: 'api_image_import',
      status: 'processing',
      message: 'Copied 15 MiB',
      created_at: '2026-01-02T00:00:00.000000',
      updated_at: '2026-01-02T00:00:01.000000',
    },
    { id: 't3', type: 'api_image_import', status: 'paused', created_at: '2026-01-01T12:00:00.000000' },
  ]

  it('mask secrets of the session in a task message', async () => {
    const masker = createMasker()
    masker.add('correct horse')
    const task = {
      id: 't1',
      type: 'api_image_import',
      status: 'failure',
      message: 'login as demo with "correct horse" failed',
    }
    const { options } = await localGlance(({ url }) => ({
      body: url.endsWith('/tasks') ? { tasks: [task] } : fetchImage(1),
    }))
    const source = createOpenstackSource({ ...options, connection: { ...options.connection, masker } })
    const [operation] = await getValue(perform(source, 'operations', createId(1)))
    expect(operation?.error).toContain('login as demo')
    expect(operation?.error).not.toContain('horse')
  })

  it('come from tasks, the newest first; an unknown status counts as running', async () => {
    const { options } = await localGlance(({ url }) => ({ body: url.endsWith('/tasks') ? { tasks } : fetchImage(1) }))
    const all = await getValue(perform(createOpenstackSource(options), 'operations', createId(1)))
    expect(
      all.map(({ id, status, error, startedAt, finishedAt }) => [id, status, error, startedAt, finishedAt]),
    ).toEqual([
      [`${createId(1)}/t2`, 'running', null, '2026-01-02T00:00:00Z', null],
      [`${createId(1)}/t3`, 'running', null, '2026-01-01T12:00:00Z', null],
      [
        `${createId(1)}/t1`,
        'error',
        'the import failed: no space',
        '2026-01-01T00:00:00.000001Z',
        '2026-01-01T00:00:05Z',
      ],
    ])
  })

  it.each<readonly [Readonly<Record<string, unknown>>, unknown]>([
    [
      { status: 'active', os_glance_importing_to_stores: 'slow', os_glance_import_task: 't' },
      { status: 'running', kind: 'api_image_import' },
    ],
    // A failed glance-download: no store failed, because none was started, and no task holds the image's lock.
    [
      { status: 'queued', os_glance_importing_to_stores: 'fast', os_glance_failed_import: '' },
      {
        status: 'error',
        error:
          'the import failed, and Glance reports no cause; store fast got no data; the image is queued and waits for data',
      },
    ],
    [
      { status: 'queued', os_glance_importing_to_stores: 'fast', os_glance_import_task: 't' },
      { status: 'running', kind: 'api_image_import' },
    ],
    [
      { status: 'queued', os_glance_failed_import: 'fast' },
      {
        status: 'error',
        error:
          'the import failed, and Glance reports no cause; store fast got no data; the image is queued and waits for data',
      },
    ],
    [{ status: 'saving' }, { status: 'running', kind: 'upload' }],
    [
      { status: 'queued', image_type: 'snapshot', instance_uuid: createId(9) },
      { status: 'running', kind: 'createImage' },
    ],
  ])('come from the record %j for a Glance without tasks', async (more, expected) => {
    const { options } = await localGlance(({ url }) =>
      url.endsWith('/tasks') ? fault(404, 'The resource could not be found.') : { body: fetchImage(1, more) },
    )
    const source = createOpenstackSource(options)
    expect(await getValue(perform(source, 'operations', createId(1)))).toMatchObject([expected])
    expect(await getValue(perform(source, 'operation', createId(1)))).toMatchObject(expected as object)
  })

  it.each([
    { status: 'active' },
    { status: 'queued' },
    { status: 'active', os_glance_importing_to_stores: '', os_glance_failed_import: '' },
  ])('are empty for the image %j', async (more) => {
    const { options } = await localGlance(({ url }) => ({
      body: url.endsWith('/tasks') ? { tasks: [] } : fetchImage(1, more),
    }))
    expect(await getValue(perform(createOpenstackSource(options), 'operations', createId(1)))).toEqual([])
  })

  it('fail for stores without data, and compute progress from the size of the image', async () => {
    const done = { ...tasks[1], status: 'success', message: 'Copied 15 MiB' }
    const record = fetchImage(1, { status: 'active', size: 30 * 2 ** 20, os_glance_failed_import: 'slow' })
    const { options } = await localGlance(({ url }) => ({
      body: url.endsWith('/tasks') ? { tasks: [tasks[0], done] } : record,
    }))
    const source = createOpenstackSource(options)
    expect(await getValue(perform(source, 'operation', `${createId(1)}/t2`))).toMatchObject({
      status: 'error',
      error: 'the import failed in part, and Glance reports no cause; store slow got no data',
    })
    expect(await getValue(perform(source, 'operation', `${createId(1)}/t1`))).toMatchObject({
      status: 'error',
      error: 'the import failed: no space',
    })

    const busy = await localGlance(({ url }) => ({
      body: url.endsWith('/tasks') ? { tasks } : { ...record, os_glance_failed_import: '' },
    }))
    expect(
      await getValue(perform(createOpenstackSource(busy.options), 'operation', `${createId(1)}/t2`)),
    ).toMatchObject({
      status: 'running',
      progress: 0.5,
    })
  })

  it('return NotFound for a missing image or an unknown ID', async () => {
    const { options } = await localGlance(({ url }) =>
      url.endsWith('/tasks') ? { body: { tasks } } : fault(404, 'No image found'),
    )
    const source = createOpenstackSource(options)
    for (const id of ['x', 'x/y', createId(1), `${createId(1)}/t9`])
      expect((await readError(perform(source, 'operation', id)))._tag).toBe('NotFound')
    expect(await getValue(perform(source, 'operation', `${createId(1)}/t1`))).toMatchObject({ status: 'error' })
  })
})

describe('probe', () => {
  it('removes hide for Glance before Rocky', async () => {
    const { options, seen } = await localGlance(({ url }) =>
      url.includes('/info/')
        ? fault(404, 'The resource could not be found.')
        : { body: { name: 'image', properties: { id: {} } } },
    )
    const { operations } = await getValue(createOpenstackSource(options).probe())
    expect(operations).not.toContain('hide')
    expect(operations).not.toContain('importFromUrl')
    expect(operations).not.toContain('copyToStore')
    expect(operations).toContain('createFromServer')
    expect(seen.every(({ method }) => method === 'GET')).toBe(true)
  })

  it('returns an error for an unreachable cloud', async () => {
    const { options } = await localGlance(() => ({ status: 503, body: 'down' }))
    expect(await readError(createOpenstackSource(options).probe())).toMatchObject({
      _tag: 'Unavailable',
      operation: 'probe',
    })
  })
})
