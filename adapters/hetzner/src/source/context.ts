import {
  maskOperation,
  createErrorSite,
  type Abortable,
  type ImageResult,
  type ErrorSite,
  type Image,
  type Operation,
  type ReadResult,
} from '@imago/core'
import { withParsedId } from '@imago/provider-kit'
import type { HetznerAction } from '@imago/schema-hetzner'
import * as E from 'fp-ts/lib/Either.js'
import { actionsApi, type ActionsApi } from '../api/actions.ts'
import { imagesApi, type ImagesApi } from '../api/images.ts'
import { pricingApi, type PricingApi } from '../api/pricing.ts'
import type { RecordReader } from '../api/read.ts'
import { serversApi, type ServersApi } from '../api/servers.ts'
import { toOperation } from '../map-operation.ts'
import { hetznerReader } from '../offline.ts'
import type { HetznerSession } from '../session.ts'

/** What the methods of a source stand on: the API, with images read as `Image`. */
export interface SourceContext {
  readonly session: HetznerSession
  readonly images: ImagesApi<ReadResult>
  readonly servers: ServersApi<ReadResult>
  readonly actions: ActionsApi
  readonly pricing: PricingApi
}

export const createContext = (session: HetznerSession): SourceContext => {
  const { cloud, region } = session.cloud
  const readImage: RecordReader<ReadResult> = (record, pointer) =>
    hetznerReader.read(record, { cloud, region, pointer })
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

export const imageOf = ({ image }: ReadResult): Image => image

/** Ids are integers from 1 to 2^53-1. Spec: Image.id, and all others. */
const toId = (text: string): number | null =>
  /^[1-9]\d{0,15}$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : null

/** A call that is about one thing. */
interface Target extends Abortable {
  readonly operation: string
  readonly kind: 'image' | 'server' | 'operation' | 'ssh-key'
  readonly id: string
}

/** Goes on with the id of a thing; what could not be one is `NotFound`, without a request. */
export const withId = <A>(
  { session }: SourceContext,
  { operation, kind, id, signal }: Target,
  call: (id: number, site: ErrorSite) => ImageResult<A>,
): ImageResult<A> => {
  const site = createErrorSite(session.cloud, operation)
  const known = E.fromNullable({ what: `there is no ${kind} ${id}`, hint: 'Ids at Hetzner are numbers' })(toId(id))
  return withParsedId(site, { signal }, known, (number) => call(number, site))
}
