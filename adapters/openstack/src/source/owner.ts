import type { Abortable, ImageResult, ImageError } from '@imago/core/provider'
import { unlessAborted } from '@imago/provider-kit'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { createSite, type SourceContext } from './context.ts'

/** The session's project and the user's roles in it. `project`: `null`: the token has none. */
export interface Account {
  readonly project: string | null
  readonly roles: readonly string[]
}

export const fetchAccount =
  (context: SourceContext, operation: string) =>
  (options: Abortable = {}): ImageResult<Account> =>
    unlessAborted(
      createSite(context, operation),
      options,
      pipe(
        context.session.identity(options),
        TE.mapLeft((error): ImageError => ({ ...error, operation })),
        TE.map(({ project, roles }) => ({ project: project?.id ?? null, roles })),
      ),
    )

/** The session's project, which becomes the owner of new images. Without a project in the token, images have no owner. glance: glance/api/v2/images.py, create. */
export const fetchOwner =
  (context: SourceContext, operation: string) =>
  (options: Abortable = {}): ImageResult<string | null> =>
    pipe(
      fetchAccount(context, operation)(options),
      TE.map(({ project }) => project),
    )

export const owner = (context: SourceContext): ((options?: Abortable) => ImageResult<string | null>) =>
  fetchOwner(context, 'owner')
