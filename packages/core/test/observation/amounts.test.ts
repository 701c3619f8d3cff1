import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  addAmounts,
  describeCosts,
  describeMonthlyCosts,
  formatAmount,
  formatAmounts,
  formatMonthlyCosts,
} from '../../src/observation/amounts.ts'
import type { MonthlyCost } from '../../src/observation/monthly-cost.ts'

const eur = (amount: string) => ({ amount, currency: 'EUR' })

describe('formatAmount', () => {
  it.each([
    ['0', '0.00 EUR'],
    ['0.0000000001', '0.01 EUR'],
    ['0.0047916667', '0.01 EUR'],
    ['0.0149', '0.01 EUR'],
    ['0.015', '0.02 EUR'],
    ['1.005', '1.01 EUR'],
    ['0.1769', '0.18 EUR'],
    ['0.995', '1.00 EUR'],
    ['1.5', '1.50 EUR'],
    ['12', '12.00 EUR'],
    ['9007199254740993.126', '9007199254740993.13 EUR'],
    ['on request', 'on request EUR'],
  ])('formats %s as %s', (amount, text) => expect(formatAmount(eur(amount))).toBe(text))

  it('differs from the exact amount by at most half a cent, from one cent on', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10_000, max: 1_000_000_000 }), (millionths) => {
        const exact = (millionths / 1e6).toFixed(6)
        const [shown = ''] = formatAmount(eur(exact)).split(' ')
        expect(Math.abs(Math.round(Number(shown) * 1e6) - millionths)).toBeLessThanOrEqual(5000)
      }),
    )
  })
})

describe('formatAmounts', () => {
  it('joins the amounts of several currencies', () =>
    expect(formatAmounts([eur('0.061'), { amount: '2', currency: 'USD' }])).toBe('0.06 EUR + 2.00 USD'))
})

describe('addAmounts', () => {
  it.each([
    [[], []],
    [[eur('0.0047916667')], [eur('0.0047916667')]],
    [[eur('0.1'), eur('0.2')], [eur('0.3')]],
    [[eur('0.0047916667'), eur('0.000720896'), eur('12')], [eur('12.0055125627')]],
    [[eur('9007199254740993'), eur('1')], [eur('9007199254740994')]],
    [
      [eur('1.5'), { amount: '2', currency: 'USD' }, eur('1.50')],
      [eur('3'), { amount: '2', currency: 'USD' }],
    ],
    [
      [eur('on request'), eur('1')],
      [eur('1'), eur('on request')],
    ],
  ])('sums %j to %j', (amounts, sums) => expect(addAmounts(amounts)).toEqual(sums))
})

const cost = (net: string | null, gross: string | null = null): MonthlyCost => ({
  amount: { net, gross },
  currency: 'EUR',
  reason: null,
})
const free: MonthlyCost = { amount: null, currency: null, reason: 'free' }

describe('describeCosts', () => {
  it.each<readonly [string, Parameters<typeof describeCosts>, string | null]>([
    ['the sums of both', [[eur('0.01'), eur('0.03')], [eur('1.2')]], 'about 0.04 EUR once, 1.20 EUR a month'],
    ['only what is above zero', [[eur('0.04')], [eur('0.000')]], 'about 0.04 EUR once'],
    ['only the monthly costs when there are no others', [[], [eur('0.001')]], 'about 0.01 EUR a month'],
    ['null when nothing costs anything', [[eur('0')], []], null],
  ])('returns %s', (_, costs, text) => expect(describeCosts(...costs)).toBe(text))
})

describe('formatMonthlyCosts', () => {
  it.each<readonly [string, readonly MonthlyCost[], string | null]>([
    ['null without costs', [], null],
    ['null when every cost is unknown', [free], null],
    ['the sum before rounding', [cost('0.004'), cost('0.004'), cost('0.004'), free], '0.01 EUR'],
    ['the gross price when no net price is known', [cost(null, '0.119')], '0.12 EUR gross'],
  ])('returns %s', (_, costs, text) => expect(formatMonthlyCosts(costs)).toBe(text))
})

describe('describeMonthlyCosts', () => {
  it.each<readonly [string, readonly MonthlyCost[], string | null]>([
    ['null when no cost is known', [free], null],
    ['net prices as such', [cost('0.4', '0.5'), free], '0.40 EUR a month net'],
    ['gross prices when no net price is known', [cost(null, '0.119')], '0.12 EUR gross a month'],
  ])('returns %s', (_, costs, text) => expect(describeMonthlyCosts(costs)).toBe(text))
})
