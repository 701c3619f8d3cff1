import type { ImageKind } from '../image/values.ts'

/** An amount of money, as decimal text: `0.0110`. `null`: the provider does not state it. */
export interface Price {
  /** Without VAT. */
  readonly net: string | null
  /** With VAT. */
  readonly gross: string | null
}

/**
 * What storing an image costs.
 * - `size`: by its stored size.
 * - `server-percentage`: a percentage of the price of its server, independent of its size.
 * - `free`: nothing.
 */
export type BillingBasis = 'size' | 'server-percentage' | 'free'

/** What a cloud charges for storing images. */
export interface Prices {
  /** ISO 4217: `EUR`. */
  readonly currency: string
  /** For a GB and a month of an image that is billed by size. */
  readonly perGbMonth: Price
  /** Bytes in the GB of the price list. */
  readonly bytesPerGb: number
  /** How each kind is billed. The price of a kind without an entry is unknown. */
  readonly basis: Readonly<Partial<Record<ImageKind, BillingBasis>>>
}
