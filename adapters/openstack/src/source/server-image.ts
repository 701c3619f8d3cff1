import {
  rejected,
  type Abortable,
  type ImageResult,
  type ImageError,
  type ServerImage,
  type ServerImageRequest,
} from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { SNAPSHOT_FAILURE, snapshotOperation } from '../map-operation.ts'
import { toCallOptions, fetchRecord, createSite, toImage, withId, type SourceContext } from './context.ts'

const OPERATION = 'createFromServer'

/** Why Nova cannot make such an image; `null`: it can. */
const whyNot = ({ kind = 'snapshot', labels = {} }: ServerImageRequest): string | null => {
  if (kind !== 'snapshot')
    return 'Nova makes backups in rotation only, and deletes older ones for them: ask for a snapshot'
  const [label] = Object.keys(labels)
  return label === undefined ? null : `Glance has no labels, so it cannot hold ${label}`
}

/** Nova wants a name: without one the image is called as its server. */
const chooseName = (
  context: SourceContext,
  { serverId, name }: ServerImageRequest,
  options: Abortable,
): ImageResult<string> =>
  name !== undefined
    ? TE.right(name)
    : pipe(
        context.api.servers.get(serverId, toCallOptions(OPERATION, options)),
        TE.map((server) => server.name ?? serverId),
      )

/** Nova makes the image's record at once, and fills it from the server's disk. Should that fail, it deletes the image again. */
export const createFromServer =
  (context: SourceContext) =>
  (request: ServerImageRequest, options: Abortable = {}): ImageResult<ServerImage> => {
    const { serverId, description } = request
    const why = whyNot(request)
    const work = pipe(
      chooseName(context, request, options),
      TE.flatMap((name) =>
        context.api.servers.createImage(
          serverId,
          { name, metadata: description === undefined ? {} : { description } },
          toCallOptions(OPERATION, options),
        ),
      ),
      TE.flatMap((imageId) =>
        pipe(
          fetchRecord(context, OPERATION, imageId, options),
          TE.mapLeft((error): ImageError =>
            error._tag === 'NotFound'
              ? rejected(createSite(context, OPERATION), {
                  what: SNAPSHOT_FAILURE.error,
                  hint: SNAPSHOT_FAILURE.hint ?? undefined,
                })
              : {
                  ...error,
                  // Trying again would make a second one.
                  hint: `The image ${imageId} is being made all the same: look at it before you try again`,
                },
          ),
          TE.flatMapEither((record) =>
            pipe(
              toImage(context, OPERATION)(record),
              E.map((image): ServerImage => ({ image, operation: snapshotOperation(image.ref.id, record) })),
            ),
          ),
        ),
      ),
    )
    return withId(context, OPERATION, options)(
      serverId,
      why === null ? work : TE.left(rejected(createSite(context, OPERATION), { what: why })),
      `server ${serverId}`,
    )
  }
