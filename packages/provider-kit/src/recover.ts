import type { ImageResult, ImageErrorTag } from '@imago/core/provider'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'

/** Replaces errors of these kinds by a value. */
export const recoverFrom =
  <A>(tags: readonly ImageErrorTag[], value: A) =>
  (result: ImageResult<A>): ImageResult<A> =>
    pipe(
      result,
      TE.orElse((error): ImageResult<A> => (tags.includes(error._tag) ? TE.right(value) : TE.left(error))),
    )

/** For deletions: a resource that no longer exists counts as deleted. */
export const allowMissing: (result: ImageResult<void>) => ImageResult<void> = recoverFrom<void>(['NotFound'], undefined)
