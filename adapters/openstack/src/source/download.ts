import {
  conflict,
  forbidden,
  type ImageResult,
  type ByteSource,
  type DownloadOptions,
  type Image,
  type ImageError,
} from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { fetchImage, createSite, withId, type SourceContext } from './context.ts'
import { imageBytes } from './image-bytes.ts'

const checkAvailable = (context: SourceContext, { ref, status, providerStatus }: Image): ImageError | null => {
  const site = createSite(context, 'download')
  switch (status) {
    case 'available':
      return null
    case 'unavailable':
      return forbidden(site, {
        what: `image ${ref.id} is deactivated`,
        reason: 'deactivated',
        hint: 'Reactivate the image first',
      })
    default:
      return conflict(site, {
        what: `image ${ref.id} has no data: it is ${providerStatus ?? status}`,
        hint: 'Upload data to it, or wait until it is active',
      })
  }
}

/** Reads only the record. Its size is required, because responses that fill Glance's cache have no length. */
export const download =
  (context: SourceContext) =>
  (id: string, options: DownloadOptions = {}): ImageResult<ByteSource> =>
    withId(
      context,
      'download',
      options,
    )(
      id,
      pipe(
        fetchImage(context, 'download', id, options),
        TE.flatMapEither((image) => {
          const error = checkAvailable(context, image)
          return error === null ? E.right(imageBytes(context, image, options)) : E.left(error)
        }),
      ),
    )
