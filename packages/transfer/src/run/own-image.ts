import {
  conflict,
  forbidden,
  perform,
  createErrorSite,
  type Abortable,
  type ErrorSite,
  type Image,
  type ImageError,
  type ImageSource,
  type ImageStatus,
} from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { hasRunTag } from './run-tags.ts'

/**
 * Why an image does not belong to a run.
 * - `unmarked`: it does not have the tag of the run, which anybody with write access may have removed.
 * - `foreign`: another project owns it, and can write any tag. Image IDs are computed from plans, so others may know them in advance.
 */
interface Foreign {
  readonly kind: 'unmarked' | 'foreign'
  readonly reason: string
}

/** The owner of images that these credentials create; `null`: unknown. */
const readOwner = async (source: ImageSource, options: Abortable): Promise<E.Either<ImageError, string | null>> =>
  source.owner === undefined ? E.right(null) : source.owner(options)()

const compareOwner = (run: string, image: Image, isOwned: boolean, owner: string | null): Foreign | null => {
  if (isOwned && image.owner !== owner)
    return {
      kind: 'foreign',
      reason: `it belongs to ${image.owner === null ? 'no project' : `project ${image.owner}`}, and these credentials are for ${owner === null ? 'no project' : `project ${owner}`}`,
    }
  return hasRunTag(run, image) ? null : { kind: 'unmarked', reason: `it does not have the tag of run ${run}` }
}

/** Why `image` does not belong to this run; `null`: it has the run tag, and the project of the session owns it. */
export const findForeignReason = async (
  run: string,
  source: ImageSource,
  image: Image,
  options: Abortable,
): Promise<E.Either<ImageError, Foreign | null>> =>
  E.map((owner: string | null) => compareOwner(run, image, source.owner !== undefined, owner))(
    await readOwner(source, options),
  )

/** Accepts an image that this process did not create as the run's. `Conflict`: it is not. */
export const adoptImage = async (
  run: string,
  source: ImageSource,
  image: Image,
  site: ErrorSite,
  options: Abortable,
): Promise<E.Either<ImageError, Image>> => {
  const foreign = await findForeignReason(run, source, image, options)
  if (E.isLeft(foreign)) return foreign
  if (foreign.right === null) return E.right(image)
  return E.left(
    conflict(site, {
      what: `image ${image.ref.id} is not used: ${foreign.right.reason}`,
      hint: 'Inspect the image. If it is yours and not needed, delete it, then resume; otherwise create a plan with another name',
    }),
  )
}

export interface DeleteOwnImageOptions extends Abortable {
  /** An image in one of these states is not deleted: `Conflict`. */
  readonly unless?: readonly ImageStatus[] | undefined
}

/**
 * Deletes an image of this run. This is the only place where a transfer deletes images. It reads the record immediately before, and deletes the image only if
 * it has the run tag, belongs to the session's project and is not protected. Success if the image no longer exists.
 * `Forbidden`: it is not the run's (`not_own`), or protected (`protected`). No provider supports conditional deletes, so a change between the two requests is missed.
 */
export const deleteOwnImage = async (
  run: string,
  source: ImageSource,
  id: string,
  { unless = [], ...options }: DeleteOwnImageOptions,
): Promise<E.Either<ImageError, void>> => {
  const site = createErrorSite(source.cloud, 'delete')
  const found = await source.get(id, options)()
  if (E.isLeft(found)) return found.left._tag === 'NotFound' ? E.right(undefined) : found
  const image = found.right
  const foreign =
    image.ref.id === id
      ? await findForeignReason(run, source, image, options)
      : E.right<ImageError, Foreign>({ kind: 'foreign', reason: `the cloud returned image ${image.ref.id}` })
  if (E.isLeft(foreign)) return foreign
  if (foreign.right !== null)
    return E.left(
      forbidden(site, {
        what: `image ${id} is not deleted: ${foreign.right.reason}`,
        reason: 'not_own',
        hint: 'Inspect the image; if it is yours and not needed, delete it',
      }),
    )
  if (image.protected === true)
    return E.left(
      forbidden(site, { what: `image ${id} is protected`, reason: 'protected', hint: 'Unprotect it first' }),
    )
  if (unless.includes(image.status))
    return E.left(
      conflict(site, { what: `image ${id} is ${image.status} now, and is not deleted`, hint: 'Resume the run' }),
    )
  const removed = await perform(source, 'delete', id, options)()
  return E.isLeft(removed) && removed.left._tag === 'NotFound' ? E.right(undefined) : removed
}
