import { nullable, withRest } from '@imago/codec'
import * as t from 'io-ts'

// Sources: "spec": Hetzner's OpenAPI document (docs.hetzner.cloud/cloud.spec.json), as of June and September 2026.

/** An amount of money, as decimal text: `1.0000000000`. Spec: Pricing. */
export const HetznerPrice = withRest(
  t.partial({ net: nullable(t.string), gross: nullable(t.string) }),
  t.unknown,
  'HetznerPrice',
)
export type HetznerPrice = t.TypeOf<typeof HetznerPrice>

/** The price of storing an image, by its compressed size. Spec: Pricing.image. */
export const HetznerImagePricing = withRest(
  t.partial({ price_per_gb_month: nullable(HetznerPrice) }),
  t.unknown,
  'HetznerImagePricing',
)
export type HetznerImagePricing = t.TypeOf<typeof HetznerImagePricing>

/** The price of backups, as a percentage of the server's price in decimal text. Spec: Pricing.server_backup. */
export const HetznerBackupPricing = withRest(
  t.partial({ percentage: nullable(t.string) }),
  t.unknown,
  'HetznerBackupPricing',
)
export type HetznerBackupPricing = t.TypeOf<typeof HetznerBackupPricing>

/** The prices of a project. Only those of images and backups are checked. Spec: Pricing. */
export const HetznerPricing = withRest(
  t.partial({
    /** `EUR`. */
    currency: nullable(t.string),
    /** Percent, as decimal text. */
    vat_rate: nullable(t.string),
    image: nullable(HetznerImagePricing),
    server_backup: nullable(HetznerBackupPricing),
  }),
  t.unknown,
  'HetznerPricing',
)
export type HetznerPricing = t.TypeOf<typeof HetznerPricing>

/** Spec: GET /pricing. */
export const HetznerPricingEnvelope = t.type({ pricing: HetznerPricing }, 'HetznerPricingEnvelope')
export type HetznerPricingEnvelope = t.TypeOf<typeof HetznerPricingEnvelope>
