import type { Abortable, ImageResult, ImageError } from '@imago/core/provider'
import { unlessAborted } from '@imago/provider-kit'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { createSite, type SourceContext } from './context.ts'

/** The session's project, which becomes the owner of new images. Without a project in the token, images have no owner. glance: glance/api/v2/images.py, create. */
export const fetchOwner =
  (context: SourceContext, operation: string) =>
  (options: Abortable = {}): ImageResult<string | null> => {
    return unlessAborted(
      createSite(context, operation),
      options,
      pipe(
        context.session.identity(options),
        TE.mapLeft((error): ImageError => ({ ...error, operation })),
        TE.map(({ project }) => project?.id ?? null),
      ),
    )
  }

export const owner = (context: SourceContext): ((options?: Abortable) => ImageResult<string | null>) =>
  fetchOwner(context, 'owner')
