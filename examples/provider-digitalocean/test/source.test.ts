import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { find } from '@imago/core'
import { perform, createErrorSite, waitFor, type ImageResult, type ImageError } from '@imago/core/provider'
import { systemTiming, type InterceptedRequest } from '@imago/http'
import { createFastTiming } from '@imago/testkit'
import type { DigitalOceanLiveCloud } from '../src/connector.ts'
import { images } from './images.mjs'
import { startLocalServer } from './local-server.mjs'
import { openCloud, transport } from './open-cloud.ts'

let server: Awaited<ReturnType<typeof startLocalServer>>
let cloud: DigitalOceanLiveCloud

const timing = createFastTiming()

beforeEach(async () => {
  server = await startLocalServer()
  cloud = openCloud(server.url, server.token, { timing })
})
afterEach(() => server.close())
afterAll(() => transport.close())

const getValue = async <A>(result: ImageResult<A>): Promise<A> => {
  const either = await result()
  if (either._tag === 'Left') throw new Error(`${either.left._tag}: ${either.left.what}`)
  return either.right
}
const getError = async (result: ImageResult<unknown>): Promise<ImageError> => {
  const either = await result()
  if (either._tag === 'Right') throw new Error('it succeeded')
  return either.left
}
const sent = (): readonly string[] => server.log.map(({ method, path }) => `${method} ${path}`)
const changes = (): readonly unknown[] =>
  server.log.filter(({ method }) => method !== 'GET').map(({ method, path, body }) => [method, path, body])

describe('get', () => {
  it('gets a public image by ID and by slug', async () => {
    expect(await getValue(cloud.source.get('ubuntu-24-04-x64'))).toEqual(await getValue(cloud.source.get('155133621')))
    expect(sent()).toEqual(['GET /v2/images/ubuntu-24-04-x64', 'GET /v2/images/155133621'])
  })

  it.each(['0', '-1', '1.5', '../account', 'a/b', '', '99999999999999999999'])(
    'sends no request for %j, which is neither',
    async (id) => {
      expect(await getError(cloud.source.get(id))).toMatchObject({ _tag: 'NotFound', operation: 'get' })
      expect(sent()).toEqual([])
    },
  )

  it('reports an unknown slug as not found', async () => {
    expect(await getError(cloud.source.get('ubuntu-99-x64'))).toMatchObject({
      _tag: 'NotFound',
      what: 'image not found: ubuntu-99-x64',
    })
  })
})

describe('listPage', () => {
  it('walks through the pages', async () => {
    const ids: string[] = []
    let cursor: string | null = null
    do {
      const page: {
        readonly items: readonly { readonly ref: { readonly id: string } }[]
        readonly next: string | null
      } = await getValue(cloud.source.listPage({}, cursor, { pageSize: 3 }))
      ids.push(...page.items.map(({ ref }) => ref.id))
      cursor = page.next
    } while (cursor !== null)
    expect(ids).toEqual(images.map(({ id }) => String(id)))
    expect(sent()).toEqual([1, 2, 3].map((page) => `GET /v2/images?page=${page}&per_page=3`))
  })

  it.each([
    [{ visibility: 'private' as const }, 'private=true&', ['7555620', '7555621', '7555622', '7555623']],
    [{ visibility: 'public' as const }, '', ['155133621', '63663980', '106433672', '152622470']],
    [{ tags: 'prod' }, 'tag_name=prod&', ['7555620', '7555621']],
    [{ tags: { all: ['prod', 'web'] } }, 'tag_name=prod&', ['7555620']],
    [{ tags: ['web', 'prod'] }, '', ['7555620', '7555621']],
    [{ tags: 'prod', visibility: 'public' as const }, 'tag_name=prod&', []],
  ])('filters by %j', async (query, parameters, ids) => {
    expect((await getValue(cloud.source.listPage(query, null))).items.map(({ ref }) => ref.id)).toEqual(ids)
    expect(sent()).toEqual([`GET /v2/images?${parameters}page=1&per_page=200`])
  })

  it('is what find looks through', async () => {
    expect((await getValue(find(cloud.source, { name: 'A custom image' }))).ref.id).toBe('7555621')
  })
})

describe('update', () => {
  it('sends only what differs, and creates tags that do not exist', async () => {
    const image = await getValue(
      perform(cloud.source, 'update', '7555621', {
        name: 'golden',
        description: 'of our own',
        tags: { add: ['kept', 'web'], remove: ['prod'] },
      }),
    )
    expect(image).toMatchObject({ name: 'golden', description: 'of our own', tags: ['kept', 'web'] })
    const resources = [{ resource_id: '7555621', resource_type: 'image' }]
    expect(changes()).toEqual([
      ['PUT', '/v2/images/7555621', { name: 'golden' }],
      ['POST', '/v2/tags', { name: 'kept' }],
      ['POST', '/v2/tags/kept/resources', { resources }],
      ['POST', '/v2/tags/web/resources', { resources }],
      ['DELETE', '/v2/tags/prod/resources', { resources }],
    ])
  })

  it('sends nothing where nothing differs', async () => {
    await getValue(perform(cloud.source, 'update', '7555621', { name: 'A custom image', tags: ['prod'] }))
    expect(sent()).toEqual(['GET /v2/images/7555621'])
  })

  it('empties a description', async () => {
    expect((await getValue(perform(cloud.source, 'update', '7555621', { description: '' }))).description).toBe('')
  })

  it('converts a backup, and waits for the end', async () => {
    expect((await getValue(perform(cloud.source, 'update', '7555622', { kind: 'snapshot' }))).kind).toBe('snapshot')
    expect(changes()).toEqual([['POST', '/v2/images/7555622/actions', { type: 'convert' }]])
  })

  it('rejects a tag that DigitalOcean cannot have, before it changes anything', async () => {
    expect(
      await getError(perform(cloud.source, 'update', '7555621', { name: 'x', tags: { add: ['not ok'] } })),
    ).toMatchObject({ _tag: 'Rejected' })
    expect(changes()).toEqual([])
  })

  it('shows every request of a dry run, and sends none', async () => {
    const held: InterceptedRequest[] = []
    const dry = openCloud(server.url, server.token, { timing, intercept: (request) => void held.push(request) })
    expect(await getError(perform(dry.source, 'update', '7555621', { name: 'golden', tags: ['kept'] }))).toMatchObject({
      _tag: 'Aborted',
    })
    expect(held.map(({ method, url }) => `${method} ${url.replace(server.url, '')}`)).toEqual([
      'PUT /v2/images/7555621',
      'POST /v2/tags',
      'POST /v2/tags/kept/resources',
      'DELETE /v2/tags/prod/resources',
    ])
    expect(changes()).toEqual([])
  })
})

describe('copyToStore', () => {
  it('transfers to a region, as an operation that can be waited for', async () => {
    const begun = await getValue(perform(cloud.source, 'copyToStore', '7555620', { stores: ['fra1'] }))
    expect(begun).toMatchObject({ kind: 'transfer', status: 'running', progress: null, finishedAt: null })
    const done = await getValue(
      waitFor(createErrorSite(cloud.source.cloud, 'test'), perform(cloud.source, 'operation', begun.id), {
        ...timing,
        intervalMs: 1000,
        deadlineMs: 60_000,
      }),
    )
    expect(done).toMatchObject({ status: 'success', finishedAt: '2026-11-01T12:00:00Z' })
    expect((await getValue(cloud.source.get('7555620'))).stores).toEqual(['nyc1', 'nyc3', 'fra1'])
    expect(await getValue(perform(cloud.source, 'operations', '7555620'))).toEqual([done])
  })

  it.each([[[]], [['fra1', 'ams3']]])('rejects %j: one region at a time', async (stores) => {
    expect(await getError(perform(cloud.source, 'copyToStore', '7555620', { stores }))).toMatchObject({
      _tag: 'Rejected',
      hint: 'Name one region',
    })
    expect(sent()).toEqual([])
  })
})

describe('errors', () => {
  it('name the request, and never the token', async () => {
    const error = await getError(openCloud(server.url, 'dop_v1_wrong', { timing }).source.get('7555620'))
    expect(error).toMatchObject({
      _tag: 'Unauthorized',
      provider: 'digitalocean',
      cloud: 'test',
      request: { method: 'GET', path: '/v2/images/7555620', status: 401, requestId: 'local-1' },
    })
    expect(JSON.stringify(error)).not.toContain('dop_v1')
  })

  it('tell an image of DigitalOcean from one of the user', async () => {
    expect(await getError(perform(cloud.source, 'delete', '155133621'))).toMatchObject({
      _tag: 'Forbidden',
      reason: 'forbidden',
    })
  })

  it('report what the API says of a request that it does not process', async () => {
    expect(await getError(perform(cloud.source, 'update', '7555621', { name: '' }))).toMatchObject({
      _tag: 'Rejected',
      what: 'Name cannot be blank.',
    })
  })
})

describe('the DigitalOcean source', () => {
  it('waits until the oldest request expires when ratelimit-remaining is 0, and sends nothing meanwhile', async () => {
    await server.close()
    server = await startLocalServer({ limit: 1 })
    const limited = openCloud(server.url, server.token, { timing: systemTiming })
    await getValue(limited.source.get('7555620'))
    // The reset is in an hour, and nobody is kept waiting for that long.
    const error = await getError(limited.source.get('7555620'))
    expect(error._tag).toBe('RateLimited')
    expect(error._tag === 'RateLimited' && (error.retryAfterMs ?? 0) > 3_500_000).toBe(true)
    expect(sent()).toHaveLength(1)
  })

  describe('check', () => {
    it('reports user and team', async () => {
      expect(await getValue(cloud.check())).toMatchObject({ user: 'sammy@example.com', project: 'My Team' })
    })

    it('works with a token that may only read images', async () => {
      expect(await getValue(openCloud(server.url, server.readToken, { timing }).check())).toMatchObject({
        user: null,
        project: null,
      })
    })

    it('fails with a wrong token', async () => {
      expect(await getError(openCloud(server.url, 'wrong', { timing }).check())).toMatchObject({ _tag: 'Unauthorized' })
    })
  })

  describe('the typed API', () => {
    it.each([
      [{ type: 'distribution' as const }, [155133621, 63663980, 106433672]],
      [{ type: 'application' as const }, [152622470]],
      [{ private: true as const }, [7555620, 7555621, 7555622, 7555623]],
    ])('lists by %j', async (parameters, ids) => {
      const { items, isLast } = await getValue(cloud.api.images.list(parameters))
      expect(items.map(({ id }) => id)).toEqual(ids)
      expect(isLast).toBe(true)
    })
  })
})
