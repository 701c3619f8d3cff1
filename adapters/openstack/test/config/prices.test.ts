import { describe, expect, it } from '@jest/globals'
import { discoverIn, lab, WHOLE, listMessages } from './entries.ts'

const find = (line: string) => discoverIn({ files: { '/cwd/clouds.yaml': lab(`${WHOLE}\n${line}`) } })

describe('configured prices', () => {
  it.each([
    ["imago: {price_per_gb_month: '0.0500', currency: EUR}", '0.0500', 1_000_000_000],
    ['imago: {price_per_gib_month: 0.05, currency: EUR}', '0.05', 1_073_741_824],
    ['imago: {price-per-gib-month: 2, currency: EUR}', '2', 1_073_741_824],
  ])('are read: %s', (line, net, bytesPerGb) => {
    expect(find(line).clouds[0]?.settings.prices).toMatchObject({
      currency: 'EUR',
      perGbMonth: { net, gross: null },
      bytesPerGb,
      basis: { image: 'size', snapshot: 'size' },
    })
  })

  it('are optional', () => {
    expect(find('verify: true').clouds[0]?.settings.prices).toBeNull()
  })

  it.each([
    ['imago: 5', 'the setting imago is not a mapping'],
    ['imago: {currency: EUR}', 'the setting imago requires either price_per_gb_month or price_per_gib_month'],
    [
      'imago: {price_per_gb_month: 1, price_per_gib_month: 1, currency: EUR}',
      'the setting imago requires either price_per_gb_month or price_per_gib_month',
    ],
    ['imago: {price_per_gb_month: -1, currency: EUR}', 'imago.price_per_gb_month is not a decimal number'],
    ["imago: {price_per_gb_month: '0,05', currency: EUR}", 'imago.price_per_gb_month is not a decimal number'],
    ['imago: {price_per_gb_month: 1e-5, currency: EUR}', 'imago.price_per_gb_month is not a decimal number'],
    ['imago: {price_per_gb_month: 1}', 'imago.currency is not a three-letter currency code in capitals'],
    [
      'imago: {price_per_gb_month: 1, currency: euro}',
      'imago.currency is not a three-letter currency code in capitals',
    ],
    ['imago: {price: 1, currency: EUR}', 'the setting imago has an unknown key "price"'],
  ])('are an error if invalid: %s', (line, what) => {
    const found = find(line)
    expect(found.clouds).toEqual([])
    expect(listMessages(found)).toEqual([`lab: ${what}`])
    expect(found.problems[0]?.hint).toContain("imago: { price_per_gb_month: '0.05', currency: EUR }")
  })
})
