import { createErrorSite, unsupported, type ImageSource, type WorkEstimate } from '@imago/core/provider'
import type { HetznerPricing } from '@imago/schema-hetzner'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { BYTES_PER_GB, toDiskGigabytes } from '../map-image/size.ts'
import { architectureWord } from '../requests/image-query.ts'
import type { RescueContext } from './context.ts'
import { computeShare } from './money.ts'
import { findServerChoices } from './order-server.ts'
import type { ServerChoice } from './server-choice.ts'

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
  `a ${serverType} server (${disk} GB, ${location}), billed by the hour`,
  'its IPv4 address (not included)',
  ...(isStored ? ['the snapshot, billed by compressed size (upper bound)'] : []),
  'prices exclude VAT',
]

/** Uses the price of one hour of the server that would be chosen now, and the price of storage. The compressed size of a snapshot is unknown. */
export const estimate =
  (context: RescueContext): NonNullable<ImageSource['estimate']> =>
  ({ kind, architecture, virtualSize, minDisk, bytes }, { signal } = {}) => {
    const operation = 'estimate'
    const site = createErrorSite(context.session.cloud, operation)
    const word = architectureWord(architecture ?? 'x86_64')
    if (word === undefined)
      return TE.left(
        unsupported(site, { what: `Hetzner has no servers with the architecture ${architecture}`, capability: kind }),
      )
    const isStored = kind === 'createFromBytes'
    return pipe(
      TE.Do,
      TE.bind('choices', () =>
        findServerChoices(context, {
          site,
          architecture: word,
          disk: toDiskGigabytes(Math.max(virtualSize ?? bytes ?? 0, minDisk ?? 0)),
          signal,
        }),
      ),
      TE.bind('pricing', () => context.pricing.get({ operation, signal })),
      TE.map(({ choices: [best], pricing }): WorkEstimate => ({
        resources: listResources(best, isStored),
        once: money(best.hourly === null ? null : computeShare(best.hourly, 1, 1), pricing),
        monthly: money(isStored ? storage(pricing, bytes ?? virtualSize) : '0', pricing),
        seconds: isStored ? BOOT_S + SNAPSHOT_S : BOOT_S,
      })),
    )
  }
