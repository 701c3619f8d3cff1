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

/** Returns why Nova cannot create such an image, or `null`. */
const findProblem = ({ kind = 'snapshot', labels = {} }: ServerImageRequest): string | null => {
  if (kind !== 'snapshot')
    return 'Nova creates backups only in a rotation that deletes older ones: create a snapshot instead'
  const [label] = Object.keys(labels)
  return label === undefined ? null : `Glance has no labels: cannot set ${label}`
}

/** Nova requires a name. Default: the server's name. */
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

/** Nova creates the record at once, then copies the server's disk. If that fails, it deletes the image. */
export const createFromServer =
  (context: SourceContext) =>
  (request: ServerImageRequest, options: Abortable = {}): ImageResult<ServerImage> => {
    const { serverId, description } = request
    const why = findProblem(request)
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
                  // A retry would create a second image.
                  hint: `Image ${imageId} is being created: check it before you retry`,
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
