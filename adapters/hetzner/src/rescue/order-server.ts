import {
  rejected,
  unavailable,
  type Abortable,
  type ImageResult,
  type ErrorSite,
  type ImageError,
} from '@imago/core/provider'
import { createTemporaryLabels } from '@imago/provider-kit'
import type { HetznerAction, HetznerServer } from '@imago/schema-hetzner'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { RescueContext } from './context.ts'
import { deleteTemporary } from './delete-temporary.ts'
import { awaitAction } from '../source/await-action.ts'
import type { ServerChoice } from './server-choice.ts'
import { chooseServers, listServerTypes } from './server-types.ts'

/** A server to create, not started. */
export interface ServerOrder extends Abortable {
  readonly site: ErrorSite
  readonly run: string
  readonly epoch: number | undefined
  readonly name: string
  /** Hetzner's word. */
  readonly architecture: string
  /** The minimum disk, in GB. */
  readonly disk: number
  /** The image for its disk; `null`: any, because it is never booted. */
  readonly image: number | null
  readonly sshKey: number
  readonly onStep: (step: string) => void
}

/** Creating a server from a large snapshot takes up to an hour (terraform-provider-hcloud#312). */
const CREATION_MS = 90 * 60_000
/** Limits the requests when everything is sold out. */
const MAX_TRIES = 20

/** Sold out: `resource_unavailable` (412), or a location without this server type. */
const isSoldOut = ({ _tag, request, what }: ImageError): boolean =>
  request?.status === 412 ||
  (_tag === 'Rejected' &&
    (/\((?:resource_unavailable|placement_error)\)/.test(what) ||
      (request?.status === 422 && /location|unavailable|not available/i.test(what))))

/** The servers that could be ordered now, the best first. `Rejected`: none. */
const findServerChoices = (
  context: RescueContext,
  order: ServerOrder,
): ImageResult<readonly [ServerChoice, ...ServerChoice[]]> =>
  pipe(
    listServerTypes(context, order),
    TE.flatMapEither((types) => chooseServers(types, order, context.session.rescue)),
  )

/** A system image of the architecture. It is never booted, but every server needs one. */
const anyImage = (context: RescueContext, { site, architecture, signal }: ServerOrder): ImageResult<number> =>
  pipe(
    context.images.list(
      { type: ['system'], status: ['available'], architecture, per_page: 50, sort: ['id:desc'] },
      { operation: site.operation, signal },
    ),
    TE.flatMapEither(({ items }) => {
      const image = items.find(({ image: { rapidDeploy } }) => rapidDeploy === true) ?? items[0]
      return image === undefined
        ? E.left(rejected(site, { what: `Hetzner has no system image for ${architecture}` }))
        : E.right(Number(image.image.ref.id))
    }),
  )

const make = (
  context: RescueContext,
  order: ServerOrder,
  image: number,
  { serverType, location }: ServerChoice,
): ImageResult<HetznerServer> => {
  const { site, run, epoch, name, sshKey, signal } = order
  const options = { operation: site.operation, signal }
  const ended = (actions: readonly HetznerAction[]): ImageResult<unknown> =>
    TE.traverseSeqArray((action: HetznerAction) => awaitAction(context, site, action, CREATION_MS, options))(actions)
  return pipe(
    context.servers.create(
      {
        name,
        server_type: serverType,
        image,
        location,
        ssh_keys: [sshKey],
        labels: createTemporaryLabels(run, epoch),
        start_after_create: false,
        public_net: { enable_ipv4: true, enable_ipv6: false },
      },
      options,
    ),
    TE.flatMap(({ server, action, nextActions }) =>
      pipe(
        ended([...(action === null ? [] : [action]), ...nextActions]),
        TE.map(() => server),
        // The next try needs its name, and it would be billed.
        TE.orElse((error) =>
          isSoldOut(error)
            ? pipe(
                deleteTemporary(context, { kind: 'server', id: server.id, run }, options),
                TE.flatMap(() => TE.left(error)),
              )
            : TE.left(error),
        ),
      ),
    ),
  )
}

/** Creates the best server that is available. `Unavailable`: all are sold out. */
export const orderServer = (context: RescueContext, order: ServerOrder): ImageResult<HetznerServer> => {
  const { site, onStep } = order
  const tryEach =
    (choices: readonly ServerChoice[], image: number): ImageResult<HetznerServer> =>
    async () => {
      for (const choice of choices.slice(0, MAX_TRIES)) {
        onStep(`creating a ${choice.serverType} server in ${choice.location}`)
        const made = await make(context, order, image, choice)()
        if (E.isRight(made) || !isSoldOut(made.left)) return made
        onStep(`${choice.serverType} servers are sold out in ${choice.location}`)
      }
      return E.left(
        unavailable(site, {
          what: 'all suitable server types are sold out in the locations that were tried',
          hint: 'Retry later, or choose another server type or location',
        }),
      )
    }
  return pipe(
    TE.Do,
    TE.bind('choices', () => findServerChoices(context, order)),
    TE.bind('image', () => (order.image === null ? anyImage(context, order) : TE.right(order.image))),
    TE.flatMap(({ choices, image }) => tryEach(choices, image)),
  )
}
