import {
  decodeFailed,
  createErrorSite,
  type ImageResult,
  type ImageSource,
  type Price,
  type Prices,
} from '@imago/core/provider'
import type { HetznerPrice } from '@imago/schema-hetzner'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { BYTES_PER_GB } from '../map-image/size.ts'
import type { SourceContext } from './context.ts'

const OPERATION = 'prices'

/** Backups cost a percentage of the price of their server. Spec: Pricing.server_backup. Hetzner's own images cost nothing. */
const BASIS: Prices['basis'] = { system: 'free', app: 'free', snapshot: 'size', backup: 'server-percentage' }

const DECIMAL = /^\d{1,40}(?:\.\d{1,40})?$/

const toAmount = (text: string | null | undefined): string | null =>
  text !== null && text !== undefined && DECIMAL.test(text) ? text : null

const toPrice = (price: HetznerPrice | null | undefined): Price => ({
  net: toAmount(price?.net),
  gross: toAmount(price?.gross),
})

/** `GET /pricing`. */
export const prices =
  ({ session, pricing }: SourceContext): NonNullable<ImageSource['prices']> =>
  ({ signal } = {}) =>
    pipe(
      pricing.get({ operation: OPERATION, signal }),
      TE.flatMap(({ currency, image }): ImageResult<Prices> => {
        const perGbMonth = toPrice(image?.price_per_gb_month)
        const hasPrice = perGbMonth.net !== null || perGbMonth.gross !== null
        return currency !== null && currency !== undefined && /^[A-Z]{3}$/.test(currency) && hasPrice
          ? TE.right({ currency, perGbMonth, bytesPerGb: BYTES_PER_GB, basis: BASIS })
          : TE.left(
              decodeFailed(createErrorSite(session.cloud, OPERATION), {
                what: 'the price list has no price of images, or no currency',
                issues: [],
              }),
            )
      }),
    )
