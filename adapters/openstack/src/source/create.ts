import { rejected, type Abortable, type ImageResult, type Image, type NewImage } from '@imago/core/provider'
import { unlessAborted } from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { createImageRequest } from '../requests/images.ts'
import { newImageRecord } from '../requests/new-image.ts'
import { toCallOptions, createSite, toImage, type SourceContext } from './context.ts'

/** Creates an image record; Glance does so atomically. */
export const create =
  (context: SourceContext) =>
  (request: NewImage, options: Abortable = {}): ImageResult<Image> => {
    const site = createSite(context, 'create')
    return unlessAborted(
      site,
      options,
      pipe(
        newImageRecord(request),
        E.mapLeft((why) => rejected(site, { what: why })),
        TE.fromEither,
        TE.flatMap((record) => context.caller.json(createImageRequest(record), toCallOptions('create', options))),
        TE.flatMapEither(toImage(context, 'create')),
      ),
    )
  }
