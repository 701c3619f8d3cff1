import type { Prices } from '@imago/core/provider'
import type { Settings } from './settings.ts'
import { isMapping, readText } from './value.ts'

/** The keys of a price, with the bytes of its unit. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ['price_per_gb_month', 1e9],
  ['price_per_gib_month', 1024 ** 3],
])

const CURRENCY = 'currency'

const EXAMPLE = "Write it as imago: { price_per_gb_month: '0.05', currency: EUR }"

const DECIMAL = /^\d{1,40}(?:\.\d{1,40})?$/

/**
 * The price of storing images: the mapping `imago` of an entry. OpenStack reports no prices, and openstacksdk ignores this mapping. `null`: not configured.
 * All kinds of images are billed by stored size.
 */
export const readConfiguredPrices = (settings: Settings): Prices | null => {
  const own = settings.value('imago')
  if (own === undefined || own === null) return null
  const fail = (what: string): null => {
    settings.fault({ what, hint: EXAMPLE })
    return null
  }
  if (!isMapping(own)) return fail('the setting imago is not a mapping')
  const unknown = [...own.keys()].find((key) => key !== CURRENCY && !UNITS.has(key))
  if (unknown !== undefined) return fail(`the setting imago has an unknown key ${JSON.stringify(unknown)}`)
  const units = [...UNITS].filter(([key]) => own.has(key))
  const [unit] = units
  if (unit === undefined || units.length > 1)
    return fail('the setting imago requires either price_per_gb_month or price_per_gib_month')
  const [key, bytesPerGb] = unit
  const price = readText(own.get(key))
  const currency = readText(own.get(CURRENCY))
  if (price === null || !DECIMAL.test(price)) return fail(`imago.${key} is not a decimal number`)
  if (currency === null || !/^[A-Z]{3}$/.test(currency))
    return fail('imago.currency is not a three-letter currency code in capitals')
  return {
    currency,
    perGbMonth: { net: price, gross: null },
    bytesPerGb,
    basis: { image: 'size', snapshot: 'size', backup: 'size', unknown: 'size' },
  }
}
