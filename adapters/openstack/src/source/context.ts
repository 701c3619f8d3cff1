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
import { formatNotFound, withParsedId } from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Caller, CallOptions } from '../api/call.ts'
import type { OpenstackApi } from '../api/index.ts'
import { openstackReader } from '../offline.ts'
import { isUuid } from '../requests/image-id.ts'
import { getImageRequest, imageSubject, patchImageRequest, type JsonPatch } from '../requests/images.ts'
import type { OpenstackSession } from '../session.ts'

/** Dependencies of the source's methods. */
export interface SourceContext {
  readonly session: OpenstackSession
  readonly cloud: CloudIdentity
  readonly caller: Caller
  readonly api: OpenstackApi
  readonly timing: Pick<Timing, 'clock' | 'sleep'>
}

/** A record as received from Glance: an object with an ID. */
export type WireRecord = Readonly<Record<string, unknown>>

export const createSite = ({ cloud }: SourceContext, operation: string): ErrorSite => createErrorSite(cloud, operation)

export const toCallOptions = (operation: string, { signal }: Abortable): CallOptions => ({ operation, signal })

/** Decodes a record. */
export const toImage =
  (context: SourceContext, operation: string) =>
  (record: unknown): E.Either<ImageError, Image> => {
    const { cloud, region } = context.cloud
    return pipe(
      openstackReader.read(record, { cloud, region, pointer: '' }),
      E.map(({ image }) => image),
      E.mapLeft(({ issues }) =>
        decodeFailed(createSite(context, operation), { what: 'the response contains no image', issues }),
      ),
    )
  }

/** Runs `work` if the ID is a UUID; otherwise fails with `NotFound` without sending a request. */
export const withId =
  (context: SourceContext, operation: string, { signal }: Abortable) =>
  <A>(id: string, work: ImageResult<A>, subject = imageSubject(id)): ImageResult<A> =>
    withParsedId(
      createSite(context, operation),
      { signal },
      isUuid(id) ? E.right(id) : E.left({ what: formatNotFound(subject) }),
      () => work,
    )

interface RecordOptions extends Abortable {
  /** Receives the age of a cached response in seconds, if a cache ignored the request for a fresh one. */
  readonly onAge?: ((seconds: number) => void) | undefined
}

/** Bypasses caches, because decisions depend on the records. */
const toFreshCallOptions = (operation: string, options: RecordOptions): CallOptions => ({
  ...toCallOptions(operation, options),
  isFresh: true,
  onAge: options.onAge,
})

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
