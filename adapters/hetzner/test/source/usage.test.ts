import { describe, expect, it } from '@jest/globals'
import { perform, READ, type Usage, type UsageEdge } from '@imago/core/provider'
import { createHetznerSource } from '../../src/index.ts'
import { errorBody, getError, optionsFor, serveApi, getValue, type Asked, type Reply } from '../local-api.ts'

type Answers = Readonly<Record<string, Reply | ((asked: Asked) => Reply)>>

const page = (key: string, records: readonly unknown[], next: number | null = null): Reply => ({
  json: { [key]: records, meta: { pagination: { page: 1, per_page: 50, next_page: next } } },
})

const IMAGE = { type: 'snapshot', status: 'available', created_from: null, bound_to: null }

const WORLD: Answers = {
  '/servers': page('servers', [{ id: 1, name: 'web-1', image: { id: 10 } }]),
  '/images': page('images', [
    { ...IMAGE, id: 10 },
    { ...IMAGE, id: 11 },
  ]),
}

const sourceAt = async (answers: Answers) => {
  const api = await serveApi((asked) => {
    const reply = answers[asked.target.split('?')[0] ?? ''] ?? { status: 404, json: errorBody('not_found') }
    return typeof reply === 'function' ? reply(asked) : reply
  })
  return { api, source: createHetznerSource(optionsFor(api.url)) }
}

const readUsage = async (answers: Answers): Promise<Usage> =>
  getValue(perform((await sourceAt({ ...WORLD, ...answers })).source, 'usage'))

const edge = (imageId: string, serverId: string, name: string | null, parts: Partial<UsageEdge> = {}): UsageEdge => ({
  image: { provider: 'hetzner', cloud: 'prod', region: null, id: imageId },
  by: { kind: 'server', id: serverId, name },
  relation: 'uses',
  via: 'servers[].image.id',
  evidence: 'declared',
  dependsOn: false,
  ...parts,
})

const toStates = ({ sources }: Usage): Readonly<Record<string, string>> =>
  Object.fromEntries(sources.map(({ name, completeness }) => [name, completeness]))

describe('usage', () => {
  it('returns the image of each server', async () => {
    expect(await readUsage({})).toEqual({
      edges: [edge('10', '1', 'web-1')],
      sources: [
        { name: 'servers', ...READ },
        { name: 'images', ...READ },
      ],
      view: { kind: 'project', project: null, shared: [] },
    })
  })

  it('reads every page of servers', async () => {
    const servers = (asked: Asked): Reply =>
      asked.target.includes('page=2')
        ? page('servers', [{ id: 2, name: 'web-2', image: { id: 11 } }])
        : page('servers', [{ id: 1, name: 'web-1', image: { id: 10 } }], 2)
    expect((await readUsage({ '/servers': servers })).edges.map(({ by }) => by.name)).toEqual(['web-1', 'web-2'])
  })

  it('returns no edge for a server whose image is null, because it was deleted', async () => {
    const usage = await readUsage({ '/servers': page('servers', [{ id: 1, name: 'web-1', image: null }]) })
    expect(usage.edges).toEqual([])
    expect(toStates(usage)).toEqual({ servers: 'read', images: 'read' })
  })

  it('keeps the edge to a deleted image that a server still shows', async () => {
    const image = { id: 9, type: 'snapshot', deleted: '2026-10-01T00:00:00Z' }
    const usage = await readUsage({ '/servers': page('servers', [{ id: 1, name: 'web-1', image }]) })
    expect(usage.edges).toEqual([edge('9', '1', 'web-1')])
  })

  it('returns the server that a backup is bound to, and the server that an image was created from', async () => {
    const { edges } = await readUsage({
      '/servers': page('servers', [{ id: 1, name: 'web-1', image: null }]),
      '/images': page('images', [
        { ...IMAGE, id: 10, type: 'backup', bound_to: 1, created_from: { id: 1, name: 'old-name' } },
      ]),
    })
    expect(edges).toEqual([
      edge('10', '1', 'web-1', { relation: 'origin', via: 'images[].created_from.id' }),
      edge('10', '1', 'web-1', { relation: 'bound', via: 'images[].bound_to' }),
    ])
  })

  it('omits a server that is gone', async () => {
    const images = page('images', [{ ...IMAGE, id: 10, created_from: { id: 7, name: 'web-0' } }])
    expect((await readUsage({ '/servers': page('servers', []), '/images': images })).edges).toEqual([])
  })

  it.each([
    { what: 'no id', record: { name: 'web-1', image: { id: 10 } } },
    { what: 'an image without id', record: { id: 1, name: 'web-1', image: { name: 'ubuntu-24.04' } } },
    { what: 'no image at all', record: { id: 1, name: 'web-1' } },
  ])('does not report servers as read if a record has $what', async ({ record }) => {
    const usage = await readUsage({
      '/servers': page('servers', [record, { id: 2, name: 'web-2', image: { id: 11 } }]),
    })
    expect(toStates(usage)).toEqual({ servers: 'failed', images: 'read' })
    expect(usage.edges).toEqual([edge('11', '2', 'web-2')])
  })

  it('does not report images as read if a record is unreadable', async () => {
    expect(toStates(await readUsage({ '/images': page('images', [{ name: 'no id' }]) }))).toEqual({
      servers: 'read',
      images: 'failed',
    })
  })

  it.each([
    { status: 403, json: errorBody('forbidden'), completeness: 'forbidden' },
    { status: 404, json: errorBody('not_found'), completeness: 'unsupported' },
    { status: 422, json: errorBody('invalid_input'), completeness: 'failed' },
  ])('reports servers answered with $status as $completeness', async ({ status, json, completeness }) => {
    const usage = await readUsage({ '/servers': { status, json } })
    expect(toStates(usage)).toEqual({ servers: completeness, images: 'read' })
    expect(usage.sources[0]?.reason).toContain(`HTTP ${status}`)
  })

  it('keeps the edges of the pages before the one that fails', async () => {
    const servers = (asked: Asked): Reply =>
      asked.target.includes('page=2')
        ? { status: 422, json: errorBody('invalid_input') }
        : page('servers', [{ id: 1, name: 'web-1', image: { id: 10 } }], 2)
    const usage = await readUsage({ '/servers': servers })
    expect(usage.edges).toEqual([edge('10', '1', 'web-1')])
    expect(toStates(usage)).toEqual({ servers: 'failed', images: 'read' })
  })

  it('ends, and does not report servers as read, if a page names itself as the next', async () => {
    expect(toStates(await readUsage({ '/servers': page('servers', [], 1) }))).toMatchObject({ servers: 'failed' })
  })

  it('fails if nothing could be read', async () => {
    const { source } = await sourceAt({
      '/servers': { status: 401, json: errorBody('unauthorized') },
      '/images': { status: 401, json: errorBody('unauthorized') },
    })
    expect(await getError(perform(source, 'usage'))).toMatchObject({ _tag: 'Unauthorized', operation: 'usage' })
  })
})

describe('prices', () => {
  const pricing = (parts: object = {}): Answers => ({
    '/pricing': {
      json: {
        pricing: {
          currency: 'EUR',
          image: { price_per_gb_month: { net: '0.0110', gross: '0.0130900000000000' } },
          ...parts,
        },
      },
    },
  })

  it('returns the price of snapshots per GB and month, as text', async () => {
    const { source } = await sourceAt(pricing())
    expect(await getValue(perform(source, 'prices'))).toEqual({
      currency: 'EUR',
      perGbMonth: { net: '0.0110', gross: '0.0130900000000000' },
      bytesPerGb: 1_024_000_000,
      basis: { system: 'free', app: 'free', snapshot: 'size', backup: 'server-percentage' },
    })
  })

  it.each([
    { what: 'no price of images', parts: { image: null } },
    { what: 'a price that is no decimal', parts: { image: { price_per_gb_month: { net: 'NaN', gross: null } } } },
    { what: 'no currency', parts: { currency: null } },
  ])('fails if the price list has $what', async ({ parts }) => {
    const { source } = await sourceAt(pricing(parts))
    expect(await getError(perform(source, 'prices'))).toMatchObject({ _tag: 'DecodeFailed', operation: 'prices' })
  })
})
