import { readBody } from '@imago/provider-kit/live'
import type { ImageResult } from '@imago/core/provider'
import { HetznerPricingEnvelope, type HetznerPricing } from '@imago/schema-hetzner'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { getPricing } from '../requests/pricing.ts'
import type { HetznerSession } from '../session.ts'
import { toCall, type CallOptions } from './call.ts'

/** The price list. */
export interface PricingApi {
  /** `GET /pricing`. */
  readonly get: (options?: CallOptions) => ImageResult<HetznerPricing>
}

export const pricingApi = ({ read }: HetznerSession): PricingApi => {
  const readRecord = readBody(HetznerPricingEnvelope)
  return {
    get: (options) =>
      pipe(
        read(getPricing(), toCall({ operation: 'pricing.get' }, options), readRecord),
        TE.map(({ pricing }) => pricing),
      ),
  }
}
