import { describe, expect, it } from '@jest/globals'
import { toImagesState, toObservedPrices, toUsage, type NamedCells } from '../../src/rows/stored-observation.ts'

const RUN: NamedCells = {
  images_completeness: 'read',
  images_reason: null,
  usage_sources: '[{"name":"servers","completeness":"read","reason":null}]',
  usage_view: '{"kind":"project","project":"p","shared":[]}',
  prices_completeness: 'read',
  prices_reason: null,
}

const EDGE: NamedCells = {
  provider: 'hetzner',
  cloud: 'prod',
  region: null,
  image_id: '1',
  by_kind: 'server',
  by_id: 's',
  by_name: null,
  relation: 'uses',
  via: 'servers[].image',
  evidence: 'declared',
  depends_on: true,
}

const PRICES: NamedCells = {
  currency: 'EUR',
  per_gb_month_net: '0.01',
  per_gb_month_gross: null,
  bytes_per_gb: 1e9,
  basis: '{"snapshot":"size"}',
}

const isRead = (run: NamedCells, edges: readonly NamedCells[]): boolean =>
  toUsage(run, edges).sources.every(({ completeness }) => completeness === 'read')

describe('toUsage', () => {
  it('returns the stored usage', () => {
    const usage = toUsage(RUN, [EDGE])
    expect(usage.sources).toEqual([{ name: 'servers', completeness: 'read', reason: null }])
    expect(usage.edges).toMatchObject([{ by: { kind: 'server', id: 's' }, relation: 'uses', dependsOn: true }])
    expect(usage.view).toEqual({ kind: 'project', project: 'p', shared: [] })
  })

  it('keeps the view of an administrator', () => {
    expect(toUsage({ ...RUN, usage_view: '{"kind":"everyone","project":"p"}' }, []).view).toEqual({
      kind: 'everyone',
      project: 'p',
    })
  })

  it.each([
    ['sources that are not JSON', { ...RUN, usage_sources: '[{' }, []],
    ['an unknown completeness', { ...RUN, usage_sources: '[{"name":"a","completeness":"done","reason":null}]' }, []],
    ['an unknown view', { ...RUN, usage_view: '{"kind":"all"}' }, []],
    ['an edge of an unknown relation', RUN, [{ ...EDGE, relation: 'likes' }]],
    ['an edge of an unknown kind', RUN, [EDGE, { ...EDGE, by_kind: 'cluster' }]],
  ])('is incomplete with %s', (_, run, edges) => {
    expect(isRead(run, edges)).toBe(false)
  })
})

describe('toImagesState', () => {
  it('is failed with an unknown completeness', () => {
    expect(toImagesState({ ...RUN, images_completeness: 'done' }).completeness).toBe('failed')
  })
})

describe('toObservedPrices', () => {
  it('returns the stored prices', () => {
    expect(toObservedPrices(RUN, PRICES).prices).toEqual({
      currency: 'EUR',
      perGbMonth: { net: '0.01', gross: null },
      bytesPerGb: 1e9,
      basis: { snapshot: 'size' },
    })
  })

  it('is failed with an unknown way of billing', () => {
    expect(toObservedPrices(RUN, { ...PRICES, basis: '{"snapshot":"weight"}' })).toEqual({
      completeness: 'failed',
      reason: 'the prices in the store cannot be read',
      prices: null,
    })
  })
})
