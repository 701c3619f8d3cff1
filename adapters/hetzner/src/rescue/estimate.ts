import {
  createErrorSite,
  unsupported,
  type Abortable,
  type ErrorSite,
  type ImageResult,
  type ImageSource,
  type WorkEstimate,
} from '@imago/core/provider'
import type { HetznerPricing, HetznerServerType } from '@imago/schema-hetzner'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { BYTES_PER_GB, toDiskGigabytes } from '../map-image/size.ts'
import { architectureWord } from '../requests/image-query.ts'
import type { RescueContext } from './context.ts'
import { computeShare } from './money.ts'
import type { ServerChoice } from './server-choice.ts'
import { chooseServers, listServerTypes } from './server-types.ts'

const money = (amount: string | null, { currency }: HetznerPricing): WorkEstimate['once'] =>
  amount === null || currency === null || currency === undefined ? null : { amount, currency }

const storage = ({ image }: HetznerPricing, bytes: number | null): string | null => {
  const price = image?.price_per_gb_month?.net ?? null
  return price === null || bytes === null ? null : computeShare(price, bytes, BYTES_PER_GB)
}

/** The time until a new server responds in its rescue system. An assumption; Hetzner documents none. */
const BOOT_S = 90
/** The time to power off a server and take a snapshot, apart from reading its disk. An assumption, too. */
const SNAPSHOT_S = 90

const listResources = ({ serverType, location, disk }: ServerChoice, isStored: boolean): readonly string[] => [
  `a ${serverType} server (${disk} GB, ${location}) billed by the hour`,
  'its IPv4 address (not included in the estimate)',
  ...(isStored ? ['a snapshot billed by compressed size (estimated from the full size)'] : []),
  'all at prices without VAT',
]

/** What Hetzner offers, and for how much. */
interface Offer {
  readonly types: readonly HetznerServerType[]
  readonly pricing: HetznerPricing
}

/** Plans of thousands of images would otherwise use up the 3,600 requests that Hetzner allows in an hour. */
const OFFER_REUSE_MS = 5 * 60_000

/** Reads the offer, or returns one that was read in the last minutes. The choice of a server to create never uses it. */
const createOfferReader = (
  context: RescueContext,
): ((options: Abortable & { readonly site: ErrorSite }) => ImageResult<Offer>) => {
  const { clock } = context.session.timing
  let last: { readonly offer: Offer; readonly at: number } | null = null
  return ({ site, signal }) =>
    () => {
      const at = clock()
      if (last !== null && at - last.at < OFFER_REUSE_MS) return Promise.resolve(E.right(last.offer))
      return pipe(
        TE.Do,
        TE.bind('types', () => listServerTypes(context, { site, signal })),
        TE.bind('pricing', () => context.pricing.get({ operation: site.operation, signal })),
        TE.tapIO((offer) => () => {
          last = { offer, at }
        }),
      )()
    }
}

/** Uses the price of one hour of the server that would be chosen now, and the price of storage. The compressed size of a snapshot is unknown. */
export const estimate = (context: RescueContext): NonNullable<ImageSource['estimate']> => {
  const readOffer = createOfferReader(context)
  return ({ kind, architecture, virtualSize, minDisk, bytes }, { signal } = {}) => {
    const site = createErrorSite(context.session.cloud, 'estimate')
    const word = architectureWord(architecture ?? 'x86_64')
    if (word === undefined)
      return TE.left(
        unsupported(site, { what: `Hetzner has no servers with the architecture ${architecture}`, capability: kind }),
      )
    const isStored = kind === 'createFromBytes'
    const disk = toDiskGigabytes(Math.max(virtualSize ?? bytes ?? 0, minDisk ?? 0))
    return pipe(
      readOffer({ site, signal }),
      TE.flatMapEither(({ types, pricing }) =>
        pipe(
          chooseServers(types, { site, architecture: word, disk }, context.session.rescue),
          E.map(([best]): WorkEstimate => ({
            resources: listResources(best, isStored),
            once: money(best.hourly === null ? null : computeShare(best.hourly, 1, 1), pricing),
            monthly: money(isStored ? storage(pricing, bytes ?? virtualSize) : '0', pricing),
            seconds: isStored ? BOOT_S + SNAPSHOT_S : BOOT_S,
          })),
        ),
      ),
    )
  }
}
