import type { Instant } from '@imago/codec'
import type { Image } from '../image/image.ts'
import type { CloudIdentity } from '../source/source.ts'
import type { Prices } from '../source/prices.ts'
import type { ReadState } from '../source/read-state.ts'
import type { Usage } from '../source/usage.ts'

/** The images of a cloud. Unless its `completeness` is `read`, an image that is not in `items` may still exist. */
export interface ObservedImages extends ReadState {
  readonly items: readonly Image[]
}

/** The prices of a cloud. */
export interface ObservedPrices extends ReadState {
  /** `null`: not read, or the cloud has none. */
  readonly prices: Prices | null
}

/** The observed state of one cloud. */
export interface CloudObservation {
  readonly cloud: CloudIdentity
  readonly images: ObservedImages
  readonly usage: Usage
  readonly prices: ObservedPrices
}

/** The observed state of several clouds at one time. Plain JSON. */
export interface Observation {
  /** When reading began. */
  readonly at: Instant
  readonly clouds: readonly CloudObservation[]
}
