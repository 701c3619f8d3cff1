import {
  decodeFailed,
  createErrorSite,
  type Abortable,
  type ImageResult,
  type CloudIdentity,
  type ErrorSite,
  type Image,
  type ImageError,
} from '@imago/core/provider'
import type { Timing } from '@imago/http'
import { withParsedId } from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Caller, CallOptions } from '../api/call.ts'
import type { OpenstackApi } from '../api/index.ts'
import { openstackReader } from '../offline.ts'
import { isUuid } from '../requests/image-id.ts'
import { getImageRequest, imageSubject, patchImageRequest, type JsonPatch } from '../requests/images.ts'
import type { OpenstackSession } from '../session.ts'

/** What every method of the source works with. */
export interface SourceContext {
  readonly session: OpenstackSession
  readonly cloud: CloudIdentity
  readonly caller: Caller
  readonly api: OpenstackApi
  readonly timing: Pick<Timing, 'clock' | 'sleep'>
}

/** A record as Glance sent it: an object, with an id. */
export type WireRecord = Readonly<Record<string, unknown>>

export const createSite = ({ cloud }: SourceContext, operation: string): ErrorSite => createErrorSite(cloud, operation)

/** How the calls of one operation are made. */
export const toCallOptions = (operation: string, { signal }: Abortable): CallOptions => ({ operation, signal })

/** The image that a record tells of. */
export const toImage =
  (context: SourceContext, operation: string) =>
  (record: unknown): E.Either<ImageError, Image> => {
    const { cloud, region } = context.cloud
    return pipe(
      openstackReader.read(record, { cloud, region, pointer: '' }),
      E.map(({ image }) => image),
      E.mapLeft(({ issues }) =>
        decodeFailed(createSite(context, operation), { what: 'the answer holds no image', issues }),
      ),
    )
  }

/** Refuses an id that is none of Glance's before anything is sent; but an abort comes first. */
export const withId =
  (context: SourceContext, operation: string, { signal }: Abortable) =>
  <A>(id: string, work: ImageResult<A>, subject = imageSubject(id)): ImageResult<A> =>
    withParsedId(
      createSite(context, operation),
      { signal },
      isUuid(id) ? E.right(id) : E.left({ what: `there is no ${subject}` }),
      () => work,
    )

interface RecordOptions extends Abortable {
  /** Is given how many seconds the answer lay in a cache that heeds nobody. */
  readonly onAge?: ((seconds: number) => void) | undefined
}

/** How the record of an image is read: what was true a minute ago is no use to whoever decides by it. */
const toFreshCallOptions = (operation: string, options: RecordOptions): CallOptions => ({
  ...toCallOptions(operation, options),
  isFresh: true,
  onAge: options.onAge,
})

/** The record of an image, as Glance sends it. */
export const fetchRecord = (
  context: SourceContext,
  operation: string,
  id: string,
  options: RecordOptions,
): ImageResult<WireRecord> =>
  pipe(
    context.caller.json(getImageRequest(id), toFreshCallOptions(operation, options)),
    TE.flatMapEither((record) =>
      pipe(
        toImage(context, operation)(record),
        E.map(() => record as WireRecord),
      ),
    ),
  )

/** The image with this id. */
export const fetchImage = (
  context: SourceContext,
  operation: string,
  id: string,
  options: Abortable,
): ImageResult<Image> =>
  pipe(
    context.caller.json(getImageRequest(id), toFreshCallOptions(operation, options)),
    TE.flatMapEither(toImage(context, operation)),
  )

/** Patches an image, and gives it as it is then. */
export const patchImage = (
  context: SourceContext,
  operation: string,
  id: string,
  patch: JsonPatch,
  options: Abortable,
): ImageResult<Image> =>
  pipe(
    context.caller.json(patchImageRequest(id, patch), toCallOptions(operation, options)),
    TE.flatMapEither(toImage(context, operation)),
  )
