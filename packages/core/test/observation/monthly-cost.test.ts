import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { computeMonthlyCost, totalMonthlyCosts, type MonthlyCost } from '../../src/observation/monthly-cost.ts'
import type { Prices } from '../../src/source/prices.ts'
import { createImage } from '../paged-source.ts'

const GB = 1_024_000_000

const PRICES: Prices = {
  currency: 'EUR',
  perGbMonth: { net: '0.0110', gross: '0.013090' },
  bytesPerGb: GB,
  basis: { system: 'free', snapshot: 'size', backup: 'server-percentage' },
}

const image = (kind: 'system' | 'app' | 'snapshot' | 'backup', stored: number | null) =>
  createImage('1', { kind, size: { stored, virtual: null, minDisk: null, minRam: null } })

const createCost = (net: string | null, gross: string | null, currency = 'EUR'): MonthlyCost => ({
  amount: { net, gross },
  currency,
  reason: null,
})

describe('computeMonthlyCost', () => {
  it('multiplies the stored size by the price, without rounding', () => {
    // 0.64352086328125 GB, the one raw `image_size` that is known: 658,965,364 bytes.
    expect(computeMonthlyCost(image('snapshot', 658_965_364), PRICES)).toEqual({
      amount: { net: '0.00707872949609375', gross: '0.0084236881003515625' },
      currency: 'EUR',
      reason: null,
    })
  })

  it.each([
    { what: 'a backup', kind: 'backup', stored: GB, prices: PRICES, reason: 'server-percentage' },
    { what: 'an image of the provider', kind: 'system', stored: GB, prices: PRICES, reason: 'free' },
    { what: 'a kind without a stated price', kind: 'app', stored: GB, prices: PRICES, reason: 'no-prices' },
    { what: 'an image without a size', kind: 'snapshot', stored: null, prices: PRICES, reason: 'no-size' },
    { what: 'unknown prices', kind: 'snapshot', stored: GB, prices: null, reason: 'no-prices' },
    {
      what: 'a price that is no decimal',
      kind: 'snapshot',
      stored: GB,
      prices: { ...PRICES, perGbMonth: { net: '1e-2', gross: null } },
      reason: 'no-prices',
    },
  ] as const)('returns no amount for $what: $reason', ({ kind, stored, prices, reason }) => {
    expect(computeMonthlyCost(image(kind, stored), prices)).toEqual({ amount: null, currency: null, reason })
  })

  it('returns 0 for an empty image', () => {
    expect(computeMonthlyCost(image('snapshot', 0), PRICES)).toMatchObject({ amount: { net: '0', gross: '0' } })
  })

  it('is exact: as many parts as there are bytes in a GB sum up to the price', () => {
    fc.assert(
      fc.property(fc.nat({ max: GB }), fc.bigInt({ min: 0n, max: 10n ** 12n }), (bytes, digits) => {
        const net = `${digits / 10_000n}.${String(digits % 10_000n).padStart(4, '0')}`
        const prices = { ...PRICES, perGbMonth: { net, gross: null } }
        const parts = [bytes, GB - bytes].map((size) => computeMonthlyCost(image('snapshot', size), prices))
        expect(totalMonthlyCosts(parts)[0]?.amount.net).toBe(
          totalMonthlyCosts([computeMonthlyCost(image('snapshot', GB), prices)])[0]?.amount.net,
        )
      }),
    )
  })
})

describe('totalMonthlyCosts', () => {
  it('sums without floating point, by currency', () => {
    expect(
      totalMonthlyCosts([createCost('0.1', '0.119'), createCost('0.2', '0.238'), createCost('1', null, 'CHF')]),
    ).toEqual([
      { currency: 'CHF', amount: { net: '1', gross: null }, images: 1 },
      { currency: 'EUR', amount: { net: '0.3', gross: '0.357' }, images: 2 },
    ])
  })

  it('returns null for a sum with an unknown amount', () => {
    expect(totalMonthlyCosts([createCost('0.1', null), createCost('0.2', '0.2')])[0]?.amount).toEqual({
      net: '0.3',
      gross: null,
    })
  })

  it('leaves out images without a cost', () => {
    expect(totalMonthlyCosts([{ amount: null, currency: null, reason: 'free' }])).toEqual([])
  })
})
