import { rejected, type Abortable, type ErrorSite, type ImageError, type ImageResult } from '@imago/core/provider'
import type { HetznerServerType } from '@imago/schema-hetzner'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as RA from 'fp-ts/lib/ReadonlyArray.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HetznerSession } from '../session.ts'
import type { RescueContext } from './context.ts'
import { serverChoices, type ServerChoice } from './server-choice.ts'

/** All pages of `GET /server_types`. */
export const listServerTypes = (
  context: RescueContext,
  { site, signal }: Abortable & { readonly site: ErrorSite },
  page = 1,
): ImageResult<readonly HetznerServerType[]> =>
  pipe(
    context.serverTypes.list({ page, per_page: 50 }, { operation: site.operation, signal }),
    TE.flatMap(({ items, pagination }) => {
      const next = pagination.next_page ?? null
      return next === null || next <= page
        ? TE.right(items)
        : pipe(
            listServerTypes(context, { site, signal }, next),
            TE.map((others) => [...items, ...others]),
          )
    }),
  )

/** The requirements for a temporary server. */
export interface ServerRequirement {
  readonly site: ErrorSite
  /** Hetzner's word. */
  readonly architecture: string
  /** The minimum disk, in GB. */
  readonly disk: number
}

/** The servers that fit, the best first. `Rejected`: none. */
export const chooseServers = (
  types: readonly HetznerServerType[],
  { site, architecture, disk }: ServerRequirement,
  { location, serverType }: HetznerSession['rescue'],
): E.Either<ImageError, readonly [ServerChoice, ...ServerChoice[]]> => {
  const wanted = { architecture, location, serverType }
  const choices = serverChoices(types, { ...wanted, disk })
  if (RA.isNonEmpty(choices)) return E.right(choices as readonly [ServerChoice, ...ServerChoice[]])
  const named = [
    serverType === undefined ? 'no server' : `no ${serverType} server`,
    location === undefined ? '' : ` in ${location}`,
  ].join('')
  const largest = serverChoices(types, { ...wanted, disk: 0 }).at(-1)?.disk ?? null
  return E.left(
    rejected(site, {
      what: `Hetzner has ${named} with the architecture ${architecture} and a disk of ${disk} GB or more${largest === null ? '' : `: the largest has ${largest} GB`}`,
      hint: 'Choose a server type and location with a disk that the image fits on',
    }),
  )
}
