import { describe, expect, it } from '@jest/globals'
import { formatError, perform, type CapabilityName } from '@imago/core/provider'
import { createHetznerSource } from '../src/index.ts'
import { toOperation } from '../src/map-operation.ts'
import { errorBody, getError, optionsFor, serveApi, TOKEN, getValue, type LocalApi, type Reply } from './local-api.ts'

const sourceAt = ({ url }: LocalApi) => createHetznerSource(optionsFor(url))

describe('IDs', () => {
  const takingIds = ['update', 'delete', 'protect', 'operations', 'operation'] as const
  const rest: Partial<Record<CapabilityName, unknown>> = { update: {}, protect: true }

  it.each([
    '0',
    '-1',
    '007',
    '1.5',
    '1e3',
    ' 1',
    '9007199254740992',
    '99999999999999999999',
    'ubuntu-24.04',
    '../servers/1',
    '',
  ])('that are invalid are NotFound, without a request: %j', async (id) => {
    const api = await serveApi(() => ({ status: 500 }))
    const source = sourceAt(api)
    expect(await getError(source.get(id))).toMatchObject({
      _tag: 'NotFound',
      operation: 'get',
      what: `image not found: ${id === '' ? '""' : id}`,
    })
    for (const name of takingIds)
      expect(await getError(perform(source, name, ...([id, rest[name]] as never)))).toMatchObject({
        _tag: 'NotFound',
        operation: name,
      })
    expect(api.asked.length).toBe(0)
  })

  it('are not checked if the signal is aborted', async () => {
    const api = await serveApi(() => ({ status: 500 }))
    const source = sourceAt(api)
    const signal = AbortSignal.abort()
    for (const id of ['1', 'x']) {
      expect(await getError(source.get(id, { signal }))).toMatchObject({ _tag: 'Aborted', operation: 'get' })
      expect(await getError(perform(source, 'update', id, {}, { signal }))).toMatchObject({ _tag: 'Aborted' })
      for (const name of ['delete', 'operations', 'operation'] as const)
        expect(await getError(perform(source, name, id, { signal }))).toMatchObject({
          _tag: 'Aborted',
          operation: name,
        })
      expect(await getError(perform(source, 'createFromServer', { serverId: id }, { signal }))).toMatchObject({
        _tag: 'Aborted',
      })
    }
    expect(api.asked.length).toBe(0)
  })
})

describe('createHetznerSource', () => {
  it('get returns an image, and DecodeFailed for an invalid one', async () => {
    const api = await serveApi(({ target }) =>
      target === '/images/1'
        ? { json: { image: { id: 1, type: 'snapshot', deprecated: null } } }
        : { json: { image: { name: 'x' } } },
    )
    expect(await getValue(sourceAt(api).get('1'))).toMatchObject({
      ref: { provider: 'hetzner', cloud: 'prod', region: null, id: '1' },
      kind: 'snapshot',
    })
    expect(await getError(sourceAt(api).get('2'))).toMatchObject({
      _tag: 'DecodeFailed',
      operation: 'get',
      issues: [{ pointer: '/image/id' }],
    })
  })

  describe('probe', () => {
    const images: Reply = { json: { images: [] } }
    const answering = (write: Reply): Promise<LocalApi> => serveApi(({ method }) => (method === 'GET' ? images : write))

    it('sends no request that could change an image', async () => {
      const api = await answering({ status: 404, json: errorBody('not_found', 'image not found') })
      const source = sourceAt(api)
      expect(await getValue(source.probe())).toEqual(source.capabilities)
      expect(api.requests()).toEqual([
        'GET /images?per_page=1',
        'POST /images/9007199254740991/actions/change_protection',
      ])
      expect(api.asked[1]?.body).toEqual({})
    })

    it.each([
      [403, 'token_readonly'],
      [401, 'token_readonly'],
      [403, 'forbidden'],
    ])('removes writing capabilities for a read-only token: %d %s', async (status, code) => {
      const api = await answering({ status, json: errorBody(code) })
      expect(await getValue(sourceAt(api).probe())).toMatchObject({
        operations: ['servers', 'estimate', 'orphans', 'operations', 'operation', 'usage', 'prices'],
        changes: [],
      })
    })

    it.each([
      [422, 'invalid_input'],
      [423, 'locked'],
      [403, 'maintenance'],
      [503, 'unavailable'],
      [500, 'server_error'],
    ])('keeps all capabilities after an unrelated error: %d %s', async (status, code) => {
      const api = await answering({ status, json: errorBody(code) })
      const source = sourceAt(api)
      expect(await getValue(source.probe())).toEqual(source.capabilities)
    })

    it('returns Unauthorized for an invalid token', async () => {
      const api = await serveApi(() => ({ status: 401, json: errorBody('unauthorized', 'unable to authenticate') }))
      expect(await getError(sourceAt(api).probe())).toMatchObject({ _tag: 'Unauthorized', operation: 'probe' })
      expect(api.asked.length).toBe(1)
    })
  })

  describe('operations', () => {
    it('returns all actions of the image, newest first', async () => {
      const api = await serveApi(({ target }) => {
        const page = Number(/[?&]page=(\d+)/.exec(target)?.[1])
        return {
          json: {
            actions: [{ id: 10 - page, status: 'success', command: 'change_protection' }, { no: 'id' }],
            meta: { pagination: { next_page: page < 3 ? page + 1 : null } },
          },
        }
      })
      expect((await getValue(perform(sourceAt(api), 'operations', '7'))).map(({ id }) => id)).toEqual(['9', '8', '7'])
      expect(api.requests()[0]).toBe('GET /images/7/actions?sort=id%3Adesc&page=1&per_page=50')
    })

    it('fails if a page refers to an earlier one', async () => {
      const api = await serveApi(() => ({
        json: { actions: [{ id: 1, status: 'success' }], meta: { pagination: { next_page: 1 } } },
      }))
      expect(await getError(perform(sourceAt(api), 'operations', '7'))).toMatchObject({
        _tag: 'DecodeFailed',
        what: 'the list of actions does not end: a page refers to an earlier one',
      })
      expect(api.asked.length).toBe(1)
    })

    it('returns NotFound for a missing image and for a missing action', async () => {
      const api = await serveApi(() => ({ status: 404, json: errorBody('not_found') }))
      expect(await getError(perform(sourceAt(api), 'operations', '7'))).toMatchObject({
        _tag: 'NotFound',
        what: 'image not found: 7',
      })
      expect(await getError(perform(sourceAt(api), 'operation', '13'))).toMatchObject({
        _tag: 'NotFound',
        what: 'action not found: 13',
      })
    })

    it('returns the state of one operation', async () => {
      const api = await serveApi(() => ({
        json: { action: { id: 13, status: 'running', command: 'create_image', progress: 42 } },
      }))
      expect(await getValue(perform(sourceAt(api), 'operation', '13'))).toMatchObject({ id: '13', progress: 0.42 })
      expect(api.requests()).toEqual(['GET /actions/13'])
    })
  })

  describe('toOperation', () => {
    const base = {
      id: 13,
      command: 'create_image',
      started: '2016-01-30T23:50+00:00',
      finished: '2016-01-30T23:56:00.500+01:00',
      error: { code: 'action_failed', message: 'Action failed' },
    }
    const plain = { id: '13', kind: 'create_image', startedAt: '2016-01-30T23:50:00Z' }

    it.each([
      ['success', 100, { status: 'success', progress: 1, error: null, finishedAt: '2016-01-30T22:56:00.5Z' }],
      ['running', 0, { status: 'running', progress: 0, error: null, finishedAt: null }],
      [
        'error',
        50,
        {
          status: 'error',
          progress: 0.5,
          error: 'Action failed (action_failed)',
          finishedAt: '2016-01-30T22:56:00.5Z',
        },
      ],
      ['paused', 250, { status: 'running', progress: 1, error: null, finishedAt: null }],
    ])('maps an action with the status %s', (status, progress, expected) =>
      expect(toOperation({ ...base, status, progress })).toEqual({ ...plain, ...expected }),
    )

    it('maps an action with few keys', () => {
      expect(toOperation({ id: 1, status: 'error' })).toEqual({
        id: '1',
        kind: null,
        status: 'error',
        progress: null,
        error: 'the action failed',
        startedAt: null,
        finishedAt: null,
      })
      expect(
        toOperation({
          id: 1,
          status: 'error',
          command: 'create_image',
          error: { code: 'timeout' },
          started: 'yesterday',
        }),
      ).toMatchObject({ error: '(timeout)', startedAt: null })
    })
  })

  describe('the token', () => {
    it('is removed from errors of the server', async () => {
      const api = await serveApi(({ headers }) => ({
        status: 401,
        json: errorBody('unauthorized', `no such token: ${headers.authorization}`, { fields: [{ name: TOKEN }] }),
      }))
      const error = await getError(sourceAt(api).get('1'))
      expect(JSON.stringify(error) + formatError(error)).not.toContain(TOKEN)
    })

    it('is not sent to another host by a redirect', async () => {
      const otherHost = await serveApi(() => ({ json: { images: [] } }))
      const api = await serveApi(() => ({ status: 302, headers: { location: `${otherHost.url}/images` } }))
      expect(await getError(sourceAt(api).listPage({}, null))).toMatchObject({ _tag: 'ConfigInvalid' })
      expect(otherHost.asked.length).toBe(0)
    })

    it('is not in the debug log', async () => {
      const lines: string[] = []
      const api = await serveApi(() => ({ json: { images: [] } }))
      await getValue(
        createHetznerSource(optionsFor(api.url, { log: (line) => void lines.push(line) })).listPage({}, null),
      )
      expect(lines.length).toBeGreaterThan(0)
      expect(lines.join('\n')).not.toContain(TOKEN)
    })

    it('is ConfigInvalid if it cannot be a header', async () => {
      const api = await serveApi(() => ({ json: { images: [] } }))
      const error = await getError(
        createHetznerSource({ ...optionsFor(api.url), token: 'two\nlines' }).listPage({}, null),
      )
      expect(error).toMatchObject({ _tag: 'ConfigInvalid', operation: 'listPage' })
      expect(api.asked.length).toBe(0)
    })

    it('can be text, and the endpoint can end in a slash', async () => {
      const api = await serveApi(() => ({ json: { images: [] } }))
      await getValue(createHetznerSource({ ...optionsFor(`${api.url}/`), token: TOKEN }).listPage({}, null))
      expect(api.asked[0]?.headers.authorization).toBe(`Bearer ${TOKEN}`)
      expect(api.requests()[0]).toMatch(/^GET \/images\?/)
    })
  })

  it('an invalid endpoint is ConfigInvalid, and a refused connection Unavailable', async () => {
    expect(await getError(createHetznerSource(optionsFor('api.hetzner.cloud')).get('1'))).toMatchObject({
      _tag: 'ConfigInvalid',
    })
    expect(await getError(createHetznerSource(optionsFor('http://127.0.0.1:1/v1')).get('1'))).toMatchObject({
      _tag: 'Unavailable',
      request: { method: 'GET', path: '/v1/images/1', status: null, requestId: null },
    })
  })

  it('clients of one project can share a rate limit', async () => {
    let passed = 0
    const api = await serveApi(() => ({ json: { images: [] } }))
    const rateLimit: NonNullable<Parameters<typeof createHetznerSource>[0]['rateLimit']> = (next) => (request) => {
      passed++
      return next(request)
    }
    for (const name of ['a', 'b'])
      await getValue(createHetznerSource({ ...optionsFor(api.url), name, rateLimit }).listPage({}, null))
    expect(passed).toBe(2)
  })

  it('the error of a failed action does not contain the token', async () => {
    const failed = {
      id: 13,
      command: 'create_image',
      status: 'error',
      error: { code: 'action_failed', message: `token ${TOKEN} may not do this` },
    }
    const api = await serveApi(() => ({ json: { action: failed } }))
    const { error } = await getValue(perform(sourceAt(api), 'operation', '13'))
    expect(error).toContain('may not do this')
    expect(error).not.toContain(TOKEN)
  })
})
