import { aborted, rejected, type Abortable, type ImageResult, type Image, type NewImage } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { createImageRequest } from '../requests/images.ts'
import { newImageRecord } from '../requests/new-image.ts'
import { callOf, siteFor, toImage, type SourceContext } from './context.ts'

/** Makes the record of an image: Glance takes it as a whole, or not at all. */
export const create =
  (context: SourceContext) =>
  (request: NewImage, options: Abortable = {}): ImageResult<Image> => {
    if (options.signal?.aborted === true) return TE.left(aborted(siteFor(context, 'create')))
    return pipe(
      newImageRecord(request),
      E.mapLeft((why) => rejected(siteFor(context, 'create'), { what: why })),
      TE.fromEither,
      TE.flatMap((record) => context.caller.json(createImageRequest(record), callOf('create', options))),
      TE.flatMapEither(toImage(context, 'create')),
    )
  }
