import { describe, expect, it } from '@jest/globals'
import type { InterceptedRequest } from '@imago/http'
import { createHetznerSource } from '../src/index.ts'
import {
  errorBody,
  getError,
  jumpingTime,
  optionsFor,
  serveApi,
  getValue,
  type Asked,
  type LocalApi,
  type Reply,
} from './local-api.ts'

const sourceAt = ({ url }: LocalApi) =>
  createHetznerSource(optionsFor(url)) as Required<
    Pick<ReturnType<typeof createHetznerSource>, 'update' | 'delete' | 'protect' | 'createFromServer'>
  > &
    ReturnType<typeof createHetznerSource>
const snapshot = {
  id: 7,
  type: 'snapshot',
  status: 'available',
  description: 'golden',
  labels: { role: 'web', keep: '' },
  protection: { delete: false },
}

/** Responses by method and path; 404 for others. */
const routes = (table: Readonly<Record<string, Reply | ((asked: Asked) => Reply)>>): Promise<LocalApi> =>
  serveApi((asked) => {
    const reply = table[`${asked.method} ${asked.target.split('?')[0]}`] ?? {
      status: 404,
      json: errorBody('not_found', 'image not found'),
    }
    return typeof reply === 'function' ? reply(asked) : reply
  })

/** Stores an image as the API does: a PUT replaces the given keys. */
const keeping = (image: object): Promise<LocalApi> => {
  let current = image
  return routes({
    'GET /images': () => ({ json: { images: [current] } }),
    'GET /images/7': () => ({ json: { image: current } }),
    'PUT /images/7': ({ body }) => ({ json: { image: (current = { ...current, ...(body as object) }) } }),
  })
}
const bodies = ({ asked }: LocalApi): readonly unknown[] =>
  asked.filter(({ method }) => method !== 'GET').map(({ body }) => body)

describe('update', () => {
  it('sends all labels, because the API replaces them', async () => {
    const api = await keeping(snapshot)
    const { labels } = await getValue(sourceAt(api).update('7', { labels: { env: 'prod', role: null, absent: null } }))
    expect(labels).toEqual({ keep: '', env: 'prod' })
    expect(bodies(api)).toEqual([{ labels: { keep: '', env: 'prod' } }])
  })

  it('sends only the given fields', async () => {
    const api = await keeping({ ...snapshot, type: 'backup' })
    expect(await getValue(sourceAt(api).update('7', { kind: 'snapshot' }))).toMatchObject({
      kind: 'snapshot',
      description: 'golden',
      labels: { role: 'web', keep: '' },
    })
    expect(bodies(api)).toEqual([{ type: 'snapshot' }])
    expect(await getValue(sourceAt(api).update('7', { description: '' }))).toMatchObject({ description: '' })
    expect(bodies(api)[1]).toEqual({ description: '' })
  })

  it('only reads if nothing changes', async () => {
    const api = await keeping(snapshot)
    for (const changes of [
      {},
      { kind: 'snapshot' },
      { description: 'golden' },
      { labels: {} },
      { labels: { role: 'web', gone: null } },
    ] as const) {
      expect(await getValue(sourceAt(api).update('7', changes))).toMatchObject({ description: 'golden' })
    }
    expect(api.requests()).toEqual(Array(5).fill('GET /images/7'))
  })

  it('keeps labels that users cannot set', async () => {
    const api = await keeping({ ...snapshot, labels: { 'hetzner.cloud/own': '1' } })
    expect((await getValue(sourceAt(api).update('7', { labels: { a: '1' } }))).labels).toEqual({
      'hetzner.cloud/own': '1',
      a: '1',
    })
  })

  it('rejects unsupported fields and invalid labels without a request', async () => {
    const api = await keeping(snapshot)
    for (const field of ['name', 'tags', 'properties', 'minDisk', 'minRam']) {
      expect(await getError(sourceAt(api).update('7', { [field]: 'x', description: 'y' }))).toMatchObject({
        _tag: 'Unsupported',
        capability: 'update',
        what: `Hetzner cannot change the ${field} of an image`,
      })
    }
    expect(await getError(sourceAt(api).update('7', { labels: { 'a b': '1' } }))).toMatchObject({
      _tag: 'Rejected',
      operation: 'update',
    })
    expect(await getError(sourceAt(api).update('7', { labels: { 'hetzner.cloud/x': '1' } }))).toMatchObject({
      _tag: 'Rejected',
    })
    expect(api.asked.length).toBe(0)
    // Removing an invalid label is allowed.
    await getValue(sourceAt(api).update('7', { labels: { 'a b': null } }))
  })
})

describe('a change that the API refuses', () => {
  const table = (image: object, refusal: Reply) => ({
    'GET /images/7': { json: { image } },
    'PUT /images/7': refusal,
    'DELETE /images/7': refusal,
    'POST /images/7/actions/change_protection': refusal,
  })

  it.each([
    [403, 'forbidden'],
    [404, 'not_found'],
    [422, 'invalid_input'],
    [423, 'locked'],
  ])('is Forbidden for an image of Hetzner: %d %s', async (status, code) => {
    for (const type of ['system', 'app']) {
      const api = await routes(table({ id: 7, type, description: 'Debian' }, { status, json: errorBody(code) }))
      for (const [operation, answer] of [
        ['update', sourceAt(api).update('7', { description: 'mine' })],
        ['delete', sourceAt(api).delete('7')],
        ['protect', sourceAt(api).protect('7', true)],
      ] as const) {
        expect(await getError(answer)).toMatchObject({
          _tag: 'Forbidden',
          operation,
          what: 'image 7 belongs to Hetzner',
          reason: 'not_own',
          request: { status },
        })
      }
    }
  })

  it('keeps the error of the API for other images and a read-only token', async () => {
    const api = await routes(table(snapshot, { status: 423, json: errorBody('locked', 'image is locked') }))
    expect(await getError(sourceAt(api).delete('7'))).toMatchObject({ _tag: 'Conflict', what: 'image is locked' })
    const gone = await routes({})
    expect(await getError(sourceAt(gone).delete('7'))).toMatchObject({
      _tag: 'NotFound',
      what: 'image not found: 7',
      operation: 'delete',
    })
    const readOnly = await routes(table({ id: 7, type: 'system' }, { status: 403, json: errorBody('token_readonly') }))
    expect(await getError(sourceAt(readOnly).delete('7'))).toMatchObject({
      _tag: 'Forbidden',
      reason: 'token_readonly',
    })
    expect(readOnly.requests()).toEqual(['DELETE /images/7'])
  })

  it('is Rejected for the protection of a backup', async () => {
    const api = await routes(table({ id: 7, type: 'backup' }, { status: 422, json: errorBody('invalid_input') }))
    expect(await getError(sourceAt(api).protect('7', true))).toMatchObject({
      _tag: 'Rejected',
      what: 'image 7 is a backup; only snapshots can be protected',
      hint: 'Convert it to a snapshot first',
    })
    expect(await getError(sourceAt(api).delete('7'))).toMatchObject({ _tag: 'Rejected', what: 'it is invalid_input' })
  })
})

describe('delete', () => {
  it('returns Forbidden for a protected image', async () => {
    const api = await routes({
      'DELETE /images/7': { status: 423, json: errorBody('protected', 'image is protected') },
    })
    expect(await getError(sourceAt(api).delete('7'))).toMatchObject({
      _tag: 'Forbidden',
      reason: 'protected',
      what: 'image 7 is protected',
      hint: 'Remove the protection first',
    })
    expect(api.requests()).toEqual(['DELETE /images/7'])
  })
  it('returns nothing', async () => {
    const api = await routes({ 'DELETE /images/7': { status: 204 } })
    expect(await getValue(sourceAt(api).delete('7'))).toBeUndefined()
  })
})

describe('protect', () => {
  /** The image is protected after the action was fetched `polls` times. */
  const protecting = (polls: number, last: object): Promise<LocalApi> => {
    let left = polls
    const action = () => ({ id: 13, ...(left <= 0 ? last : { status: 'running', progress: 0 }) })
    return routes({
      'POST /images/7/actions/change_protection': () => ({ status: 201, json: { action: action() } }),
      'GET /actions/13': () => (left--, { json: { action: action() } }),
      'GET /images/7': () => ({ json: { image: { ...snapshot, protection: { delete: left <= 0 } } } }),
    })
  }

  it('waits for a running action', async () => {
    for (const polls of [0, 1, 3]) {
      const api = await protecting(polls, { status: 'success' })
      const { timing, sleeps } = jumpingTime()
      const source = createHetznerSource(optionsFor(api.url, { timing }))
      expect(
        (await getValue(source.protect?.('7', true) as NonNullable<ReturnType<NonNullable<typeof source.protect>>>))
          .protected,
      ).toBe(true)
      expect(api.requests()).toEqual([
        'POST /images/7/actions/change_protection',
        ...Array<string>(polls).fill('GET /actions/13'),
        'GET /images/7',
      ])
      expect(api.asked[0]?.body).toEqual({ delete: true })
      expect(sleeps).toEqual(Array<number>(polls).fill(500))
    }
  })

  it('returns the error of the failed action', async () => {
    const api = await protecting(1, { status: 'error', error: { code: 'action_failed', message: 'Action failed' } })
    expect(await getError(sourceAt(api).protect('7', true))).toMatchObject({
      _tag: 'Rejected',
      operation: 'protect',
      what: 'Action failed (action_failed)',
    })
  })

  it('stops waiting after 30 seconds', async () => {
    const api = await protecting(Infinity, {})
    expect(await getError(sourceAt(api).protect('7', true))).toMatchObject({
      _tag: 'Unavailable',
      operation: 'protect',
      what: 'operation 13 is still running after 30 s',
    })
  })
})

describe('createFromServer', () => {
  const image = {
    id: 8,
    type: 'snapshot',
    status: 'creating',
    name: null,
    image_size: null,
    created: '2026-11-22T19:00:00+00:00',
  }
  const action = {
    id: 13,
    command: 'create_image',
    status: 'running',
    progress: 20,
    started: '2026-11-22T19:00+00:00',
    finished: null,
    error: { code: 'action_failed', message: 'Action failed' },
  }

  it('returns the image and the operation', async () => {
    const api = await routes({ 'POST /servers/42/actions/create_image': { status: 201, json: { image, action } } })
    const made = await getValue(
      sourceAt(api).createFromServer({
        serverId: '42',
        kind: 'backup',
        description: 'nightly',
        labels: { role: 'web' },
      }),
    )
    expect(made.image).toMatchObject({ status: 'pending', ref: { id: '8', cloud: 'prod' }, raw: image })
    expect(made.operation).toEqual({
      id: '13',
      kind: 'create_image',
      status: 'running',
      progress: 0.2,
      error: null,
      startedAt: '2026-11-22T19:00:00Z',
      finishedAt: null,
    })
    expect(bodies(api)).toEqual([{ type: 'backup', description: 'nightly', labels: { role: 'web' } }])
  })

  it('sends only the given options', async () => {
    const api = await routes({ 'POST /servers/42/actions/create_image': { status: 201, json: { image, action } } })
    await getValue(sourceAt(api).createFromServer({ serverId: '42' }))
    expect(bodies(api)).toEqual([{}])
  })

  it('rejects a name, invalid labels and an invalid server ID without a request', async () => {
    const api = await routes({})
    expect(await getError(sourceAt(api).createFromServer({ serverId: '42', name: 'x' }))).toMatchObject({
      _tag: 'Rejected',
      hint: 'Use a description or labels instead',
    })
    expect(await getError(sourceAt(api).createFromServer({ serverId: '42', labels: { 'a b': '' } }))).toMatchObject({
      _tag: 'Rejected',
    })
    expect(await getError(sourceAt(api).createFromServer({ serverId: 'web-1' }))).toMatchObject({
      _tag: 'NotFound',
      what: 'server not found: web-1',
    })
    expect(api.asked.length).toBe(0)
    expect(await getError(sourceAt(api).createFromServer({ serverId: '42' }))).toMatchObject({
      _tag: 'NotFound',
      what: 'server not found: 42',
      operation: 'createFromServer',
    })
  })

  it('warns that the image may exist after a lost response', async () => {
    const lost = await routes({
      'POST /servers/42/actions/create_image': { status: 503, json: errorBody('unavailable') },
    })
    expect(await getError(sourceAt(lost).createFromServer({ serverId: '42' }))).toMatchObject({
      _tag: 'Unavailable',
      hint: 'The request may have been carried out: check before you retry',
    })
    expect(lost.asked.length).toBe(1)
    const silent = await routes({ 'POST /servers/42/actions/create_image': { status: 201, json: { image } } })
    expect(await getError(sourceAt(silent).createFromServer({ serverId: '42' }))).toMatchObject({
      _tag: 'DecodeFailed',
      what: 'image 8 is being created, but the response contains no action',
    })
  })
})

describe('a dry run', () => {
  it('intercepts changing requests and does not send them', async () => {
    const api = await keeping(snapshot)
    const intercepted: InterceptedRequest[] = []
    const source = createHetznerSource(
      optionsFor(api.url, { intercept: (request) => void intercepted.push(request) }),
    ) as ReturnType<typeof sourceAt>
    expect(await getError(source.update('7', { labels: { a: '1' } }))).toMatchObject({
      _tag: 'Aborted',
      what: 'not sent: this is a dry run',
    })
    expect(await getError(source.delete('7'))).toMatchObject({ _tag: 'Aborted' })
    await getValue(source.probe())
    expect(intercepted).toEqual([
      {
        method: 'PUT',
        url: `${api.url}/images/7`,
        headers: expect.any(Object),
        body: { json: { labels: { role: 'web', keep: '', a: '1' } } },
      },
      { method: 'DELETE', url: `${api.url}/images/7`, headers: expect.any(Object), body: null },
    ])
    expect(JSON.stringify(intercepted)).not.toMatch(/bearer/i)
    expect(api.asked.every(({ method }) => method === 'GET')).toBe(true)
  })
})
