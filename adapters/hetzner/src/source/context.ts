import {
  maskOperation,
  createErrorSite,
  quoteEmpty,
  type Abortable,
  type ImageResult,
  type ErrorSite,
  type Image,
  type Operation,
  type ReadResult,
} from '@imago/core/provider'
import { parseNumericId, withParsedId } from '@imago/provider-kit'
import { createImageRecordReader } from '@imago/provider-kit/live'
import type { HetznerAction } from '@imago/schema-hetzner'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { actionsApi, type ActionsApi } from '../api/actions.ts'
import type { CallOptions } from '../api/call.ts'
import { imagesApi, type ImagesApi } from '../api/images.ts'
import { pricingApi, type PricingApi } from '../api/pricing.ts'
import { serversApi, type ServersApi } from '../api/servers.ts'
import { toOperation } from '../map-operation.ts'
import { hetznerReader } from '../offline.ts'
import type { HetznerSession } from '../session.ts'

/** What the methods of a source use: the API, with images read as `Image`. */
export interface SourceContext {
  readonly session: HetznerSession
  readonly images: ImagesApi<ReadResult>
  readonly servers: ServersApi<ReadResult>
  readonly actions: ActionsApi
  readonly pricing: PricingApi
}

export const createContext = (session: HetznerSession): SourceContext => {
  const readImage = createImageRecordReader(hetznerReader, session.cloud)
  return {
    session,
    images: imagesApi(session, readImage),
    servers: serversApi(session, readImage),
    actions: actionsApi(session),
    pricing: pricingApi(session),
  }
}

/** An action as an operation, without the secrets of this session. */
export const readOperation =
  ({ session: { masker } }: Pick<SourceContext, 'session'>) =>
  (action: HetznerAction): Operation =>
    maskOperation(masker)(toOperation(action))

/** Fetches an image. */
export const fetchImage = (
  { images }: Pick<SourceContext, 'images'>,
  id: number,
  options: CallOptions,
): ImageResult<Image> =>
  pipe(
    images.get(id, options),
    TE.map(({ image }) => image),
  )

/** A call about one resource. */
interface Target extends Abortable {
  readonly operation: string
  readonly kind: 'image' | 'server' | 'operation' | 'ssh-key'
  readonly id: string
}

/** Runs `call` with the ID of a resource: an integer from 1 to 2^53-1 (spec: Image.id). Any other text is `NotFound`, without a request. */
export const withId = <A>(
  { session }: SourceContext,
  { operation, kind, id, signal }: Target,
  call: (id: number, site: ErrorSite) => ImageResult<A>,
): ImageResult<A> => {
  const site = createErrorSite(session.cloud, operation)
  const known = E.fromNullable({ what: `${kind} not found: ${quoteEmpty(id)}`, hint: 'Use a numeric ID' })(
    parseNumericId(id),
  )
  return withParsedId(site, { signal }, known, (number) => call(number, site))
}
