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
 * Why an image is not a run's own.
 * - `unmarked`: it lacks the mark of this run. Anybody who may change the image can have removed it.
 * - `foreign`: it belongs to another project, which can write any mark to it. Image ids are made of plans, so a stranger may know them beforehand.
 */
interface Foreign {
  readonly kind: 'unmarked' | 'foreign'
  readonly why: string
}

/** The owner that images of these credentials have; `null`: none, or the provider's images name none. */
const ownerAt = async (source: ImageSource, options: Abortable): Promise<E.Either<ImageError, string | null>> =>
  source.owner === undefined ? E.right(null) : source.owner(options)()

const foreignness = (run: string, image: Image, isOwned: boolean, owner: string | null): Foreign | null => {
  if (isOwned && image.owner !== owner)
    return {
      kind: 'foreign',
      why: `it belongs to ${image.owner === null ? 'nobody' : `project ${image.owner}`}, and these credentials are for ${owner === null ? 'no project' : `project ${owner}`}`,
    }
  return hasRunTag(run, image) ? null : { kind: 'unmarked', why: `it does not have the mark of run ${run}` }
}

/** Whether `image` is this run's own: it has the run's mark, and the session's project owns it. Right, `null`: it is. */
export const findForeignReason = async (
  run: string,
  source: ImageSource,
  image: Image,
  options: Abortable,
): Promise<E.Either<ImageError, Foreign | null>> =>
  E.map((owner: string | null) => foreignness(run, image, source.owner !== undefined, owner))(
    await ownerAt(source, options),
  )

/** The image that a run takes for its own, although this process has not just made it. `Conflict`: it is not the run's. */
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
      what: `image ${image.ref.id} is not used: ${foreign.right.why}`,
      hint: 'Look at the image. If it is yours and not needed, delete it, then resume; otherwise make a plan with another name',
    }),
  )
}

export interface DeleteOwnImageOptions extends Abortable {
  /** An image in one of these states stays: `Conflict`. */
  readonly unless?: readonly ImageStatus[]
}

/**
 * Deletes an image of this run: the one place in a transfer that deletes one. It reads the record immediately before, and deletes only what has the run's
 * mark, belongs to the session's project and is not protected. An image that is gone already is a success.
 * `Forbidden`: it is not the run's (`not_own`), or protected (`protected`). No provider has a conditional delete, so what changes between the two requests is not seen.
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
      : E.right<ImageError, Foreign>({ kind: 'foreign', why: `the cloud answered with image ${image.ref.id}` })
  if (E.isLeft(foreign)) return foreign
  if (foreign.right !== null)
    return E.left(
      forbidden(site, {
        what: `image ${id} is not deleted: ${foreign.right.why}`,
        reason: 'not_own',
        hint: 'Look at the image; if it is yours and not needed, delete it',
      }),
    )
  if (image.protected === true)
    return E.left(
      forbidden(site, { what: `image ${id} is protected`, reason: 'protected', hint: 'Unprotect it first' }),
    )
  if (unless.includes(image.status))
    return E.left(conflict(site, { what: `image ${id} is ${image.status} by now, and is not deleted`, hint: 'Resume' }))
  const removed = await perform(source, 'delete', id, options)()
  return E.isLeft(removed) && removed.left._tag === 'NotFound' ? E.right(undefined) : removed
}
