import { describe, expect, it } from '@jest/globals'
import { pages } from '@imago/core'
import { listAll, type Page } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { createHetznerSource } from '../../src/index.ts'
import { errorBody, getError, optionsFor, serveApi, getValue, type LocalApi, type Reply } from '../local-api.ts'

const sourceAt = ({ url }: LocalApi) => createHetznerSource(optionsFor(url))
const toPageReply = (ids: readonly number[], pagination?: unknown): Reply => ({
  json: {
    images: ids.map((id) => ({ id, type: 'system', status: 'available' })),
    ...(pagination === undefined ? {} : { meta: { pagination } }),
  },
})
const parsePageNumber = (target: string): number => Number(/[?&]page=(\d+)/.exec(target)?.[1])
const toIds = ({ items }: Pick<Page, 'items'>): readonly string[] => items.map(({ ref }) => ref.id)

/** Serves `count` pages of two images; `paginate` returns the pagination of a page. */
const serveList = (count: number, paginate: (page: number, next: number | null) => unknown): Promise<LocalApi> =>
  serveApi(({ target }) => {
    const page = parsePageNumber(target)
    return page > count
      ? toPageReply([], paginate(page, null))
      : toPageReply([page * 10, page * 10 + 1], paginate(page, page < count ? page + 1 : null))
  })

describe('listPage, pagination', () => {
  it('requests 50 images in the order of IDs, including deprecated ones', async () => {
    const api = await serveApi(() => toPageReply([1], { next_page: null }))
    expect(toIds(await getValue(sourceAt(api).listPage({}, null)))).toEqual(['1'])
    expect(api.requests()).toEqual(['GET /images?include_deprecated=true&sort=id%3Aasc&page=1&per_page=50'])
  })

  it.each([
    [10, 10],
    [500, 50],
    [0, 1],
    [2.5, 2],
  ])('limits the page size %d to %d', async (pageSize, perPage) => {
    const api = await serveApi(() => toPageReply([1]))
    await getValue(sourceAt(api).listPage({}, null, { pageSize }))
    expect(api.requests()[0]).toContain(`per_page=${perPage}`)
  })

  it('returns all page numbers after the first page if it has the total', async () => {
    for (const paginate of [
      (page: number, next: number | null) => ({
        page,
        per_page: 50,
        next_page: next,
        last_page: 5,
        total_entries: 250,
      }),
      (page: number, next: number | null) => ({
        page,
        per_page: 50,
        next_page: next,
        last_page: null,
        total_entries: 201,
      }),
      (_: number, next: number | null) => ({ next_page: next, last_page: 5 }),
      (_: number, next: number | null) => ({ next_page: next, total_entries: 250 }),
    ]) {
      const api = await serveList(5, paginate)
      const source = sourceAt(api)
      expect(await getValue(source.listPage({}, null))).toMatchObject({ next: '2', ahead: ['2', '3', '4', '5'] })
      expect(await getValue(source.listPage({}, '4'))).toMatchObject({ next: '5' })
      expect((await getValue(source.listPage({}, '4'))).ahead).toBeUndefined()
      expect((await getValue(source.listPage({}, '5'))).next).toBeNull()
      expect(toIds(await getValue(listAll(source)))).toEqual([
        '10',
        '11',
        '20',
        '21',
        '30',
        '31',
        '40',
        '41',
        '50',
        '51',
      ])
    }
  })

  it('allows known pages to be requested in parallel', async () => {
    let open = 0
    let most = 0
    const api = await serveList(9, (page, next) => ({ next_page: next, last_page: 9, page }))
    const options = optionsFor(api.url)
    const { transport } = options.connection
    const source = createHetznerSource({
      ...options,
      connection: {
        ...options.connection,
        transport: (request) => async () => {
          most = Math.max(most, ++open)
          const answer = await transport(request)()
          open--
          return answer
        },
      },
    })
    expect((await getValue(listAll(source))).items.length).toBe(18)
    expect(most).toBe(4)
  })

  it('returns only the next page if the total is unknown', async () => {
    const api = await serveList(3, (_, next) => ({ next_page: next, last_page: null, total_entries: null }))
    expect((await getValue(sourceAt(api).listPage({}, null))).ahead).toBeUndefined()
    expect(toIds(await getValue(listAll(sourceAt(api))))).toEqual(['10', '11', '20', '21', '30', '31'])
  })

  it('ends without a next_page, whatever the other values', async () => {
    for (const pagination of [
      undefined,
      null,
      {},
      { next_page: null },
      { next_page: null, last_page: 7 },
      { last_page: 7 },
      { next_page: 'two' },
    ]) {
      const api = await serveApi(() => toPageReply([1], pagination))
      const page = await getValue(sourceAt(api).listPage({}, null))
      expect(page).toMatchObject({ next: null })
      expect(page.ahead).toBeUndefined()
    }
    const api = await serveApi(() => ({ json: { images: [{ id: 1 }], meta: null } }))
    expect((await getValue(sourceAt(api).listPage({}, null))).next).toBeNull()
  })

  it('returns at most 100 page numbers', async () => {
    const api = await serveApi(() => toPageReply([1], { next_page: 2, last_page: 9_007_199_254_740_991 }))
    expect((await getValue(sourceAt(api).listPage({}, null))).ahead?.length).toBe(100)
    const backwards = await serveApi(() => toPageReply([1], { next_page: 9, last_page: 3 }))
    expect(await getValue(sourceAt(backwards).listPage({}, null))).toMatchObject({ next: '9' })
  })

  it('lists more than 100 pages', async () => {
    const api = await serveList(205, (page, next) => ({ page, next_page: next, last_page: 205 }))
    expect((await getValue(listAll(sourceAt(api)))).items.length).toBe(410)
    expect(new Set(api.requests()).size).toBe(205)
  })

  it('fails if a page refers to itself', async () => {
    const api = await serveApi(() => toPageReply([1], { page: 1, next_page: 1 }))
    const seen: string[] = []
    for await (const page of pages(sourceAt(api), {})) seen.push(E.isLeft(page) ? page.left._tag : 'page')
    expect(seen.at(-1)).toBe('DecodeFailed')
    expect(seen.length).toBeLessThan(5)
  })

  it('rejects a cursor that is not a page number', async () => {
    const api = await serveApi(() => toPageReply([1]))
    for (const cursor of ['0', '-1', 'x', '1e3', '', '99999999999'])
      expect(await getError(sourceAt(api).listPage({}, cursor))).toMatchObject({
        _tag: 'Rejected',
        operation: 'listPage',
      })
    expect(api.asked.length).toBe(0)
  })
})

describe('listPage, records', () => {
  const at = '2026-09-08T00:00:00Z'
  const until = '2026-12-08T00:00:00Z'

  it('reads every form of deprecation, and filters by it', async () => {
    const images = [
      { id: 1, deprecated: at },
      { id: 2, deprecated: at, deprecation: { announced: at, unavailable_after: until } },
      { id: 3, deprecation: { announced: at, unavailable_after: until } },
      { id: 4 },
      { id: 5, deprecated: null, deprecation: null },
    ]
    const api = await serveApi(() => ({ json: { images } }))
    const { items } = await getValue(sourceAt(api).listPage({}, null))
    expect(items.map(({ deprecatedAt }) => deprecatedAt)).toEqual([at, at, at, null, null])
    expect(items.map(({ unavailableAfter }) => unavailableAfter)).toEqual([until, until, until, null, null])
    expect(toIds(await getValue(sourceAt(api).listPage({ deprecated: true }, null)))).toEqual(['1', '2', '3'])
    expect(toIds(await getValue(sourceAt(api).listPage({ deprecated: false }, null)))).toEqual(['4', '5'])
    expect(api.requests().map((request) => /include_deprecated=(\w+)/.exec(request)?.[1])).toEqual([
      'true',
      'true',
      'false',
    ])
  })

  it('returns valid images with their drift, and invalid records as rejected', async () => {
    const odd = { id: 2, type: 'clone', os_flavor: 'void', disk_size: 'large', colour: 'blue' }
    const api = await serveApi(() => ({ json: { images: [{ id: 1 }, { name: 'no id' }, odd, null] } }))
    const page = await getValue(sourceAt(api).listPage({}, null))
    expect(toIds(page)).toEqual(['1', '2'])
    expect(page.items[1]).toMatchObject({
      kind: 'unknown',
      os: { distro: 'void' },
      size: { minDisk: null },
      raw: odd,
      ref: { provider: 'hetzner', cloud: 'prod', region: null, id: '2' },
    })
    expect(page.rejected.map(({ pointer }) => pointer)).toEqual(['/images/1', '/images/3'])
    expect(page.drift.map(({ pointer, kind, id }) => `${id} ${pointer} ${kind}`).sort()).toEqual([
      '2 /images/2/colour unknown-key',
      '2 /images/2/disk_size wrong-type',
      '2 /images/2/os_flavor unknown-word',
      '2 /images/2/type unknown-word',
    ])
  })

  it('filters images that the server returns in addition', async () => {
    const images = [
      { id: 1, type: 'snapshot', status: 'available', architecture: 'x86', name: 'a', labels: { role: 'web' } },
      { id: 2, type: 'clone', status: 'odd', architecture: 'riscv', name: 'A', labels: { role: '' } },
      {
        id: 3,
        type: 'backup',
        status: 'available',
        deleted: at,
        architecture: 'arm',
        name: '',
        labels: { '-odd-': 'x y' },
      },
    ]
    const api = await serveApi(() => ({ json: { images } }))
    const ids = async (query: Parameters<ReturnType<typeof sourceAt>['listPage']>[0]) =>
      toIds(await getValue(sourceAt(api).listPage(query, null)))
    expect(await ids({ kind: 'unknown' })).toEqual(['2'])
    expect(await ids({ kind: 'backup' })).toEqual(['3'])
    expect(await ids({ status: 'unknown' })).toEqual(['2'])
    expect(await ids({ status: 'available' })).toEqual(['1'])
    expect(await ids({ status: 'deleted' })).toEqual(['3'])
    expect(await ids({ architecture: 'riscv' })).toEqual(['2'])
    expect(await ids({ name: 'a' })).toEqual(['1'])
    // An image named '' has no name.
    expect(await ids({ name: '' })).toEqual([])
    expect(await ids({ labels: { role: '' } })).toEqual(['2'])
    expect(await ids({ labels: { '-odd-': 'x y' } })).toEqual(['3'])
    expect(await ids({ visibility: 'private' })).toEqual(['1', '3'])
    // These filters are not declared, so they are not applied.
    expect(await ids({ distro: 'debian', hidden: 'only', text: 'nowhere' })).toEqual(['1', '2', '3'])
  })
})

describe('listing of the Hetzner source', () => {
  it('listPage sends no request if no image can match', async () => {
    const api = await serveApi(() => toPageReply([1]))
    for (const query of [{ kind: 'image' }, { visibility: 'community' }, { status: 'failed' }] as const) {
      expect(await getValue(sourceAt(api).listPage(query, null))).toEqual({
        items: [],
        rejected: [],
        drift: [],
        next: null,
      })
      expect(await getError(sourceAt(api).listPage(query, null, { signal: AbortSignal.abort() }))).toMatchObject({
        _tag: 'Aborted',
      })
    }
    expect(api.asked.length).toBe(0)
  })

  it('listAll returns the error of a later page', async () => {
    const api = await serveApi(({ target }) =>
      parsePageNumber(target) === 2
        ? { status: 401, json: errorBody('unauthorized', 'unable to authenticate') }
        : toPageReply([parsePageNumber(target)], { next_page: 2 }),
    )
    expect(await getError(listAll(sourceAt(api)))).toMatchObject({
      _tag: 'Unauthorized',
      operation: 'listPage',
      what: 'the token was not accepted: unable to authenticate',
      request: { method: 'GET', path: '/v1/images', status: 401, requestId: 'a1b2c3' },
    })
  })
})
