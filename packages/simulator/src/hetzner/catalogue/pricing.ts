import { LOCATIONS } from './locations.ts'
import { toPrices, SERVER_TYPES, toPrice } from './server-types.ts'

/** The prices for images and servers of https://docs.hetzner.cloud/reference/cloud#tag/pricing. */
export const PRICING = {
  currency: 'EUR',
  vat_rate: '19.00',
  image: { price_per_gb_month: toPrice(0.011) },
  server_backup: { percentage: '20.00' },
  volume: { price_per_gb_month: toPrice(0.044) },
  floating_ips: [],
  primary_ips: [],
  load_balancer_types: [],
  server_types: SERVER_TYPES.map((type) => ({
    id: type.id,
    name: type.name,
    prices: LOCATIONS.map((location) => toPrices(type, location)),
  })),
}
