import {
  conflict,
  isRetryable,
  perform,
  createErrorSite,
  type Abortable,
  type Image,
  type ImageError,
  type ImageSource,
  type NewImage,
} from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { computeImageId } from '../plan/uuid.ts'
import { beginStep, type RunContext } from './context.ts'
import { addRunTag } from './run-tags.ts'
import { deleteOwnImage, findForeignReason } from './own-image.ts'
import { retrying } from './retry.ts'

/** The maximum number of images of one run. */
const MAX_ATTEMPTS = 50

/** The record of this run's image, just created or found. */
export interface EnsuredRecord {
  readonly image: Image
  readonly adopted: boolean
}

/** `Conflict`: an image with this ID exists, perhaps created by a request whose response was lost. */
const create = async (
  source: ImageSource,
  request: NewImage,
  id: string,
  options: Abortable,
): Promise<E.Either<ImageError, Image>> => {
  const made = await perform(source, 'create', request, options)()
  if (E.isRight(made) || made.left._tag !== 'Unavailable') return made
  const found = await source.get(id, options)()
  return E.isRight(found)
    ? E.left(conflict(createErrorSite(source.cloud, 'create'), { what: `image already exists: ${id}` }))
    : made
}

/**
 * Creates or finds the record of this run's image. Its ID is computed from run and attempt, so repeated requests create only one. The ID of a deleted image
 * cannot be reused, so the next attempt has another.
 */
export const ensureRecord = async (
  context: RunContext,
  source: ImageSource,
  request: NewImage,
): Promise<E.Either<ImageError, EnsuredRecord>> => {
  const { run, journal, signal, emit } = context
  await beginStep(context, 'create')
  const { visibility: _, ...record } = addRunTag(request, context, source.capabilities)
  for (let attempt = journal.state().attempt; attempt < MAX_ATTEMPTS; attempt++) {
    const id = computeImageId(run, attempt)
    const { creating, sending } = journal.state()
    if (creating !== id || !sending) await journal.note({ entry: 'creating', attempt, id })
    const newImage: NewImage = {
      ...record,
      id,
      ...(context.plan.finalSettings.visibility === null ? {} : { visibility: 'private' as const }),
    }
    const made = await retrying(context, 'create', () => create(source, newImage, id, { signal }))
    if (E.isRight(made)) return E.right({ image: made.right, adopted: false })
    if (made.left._tag !== 'Conflict') return made
    const found = await retrying(context, 'create', () => source.get(id, { signal })())
    if (E.isLeft(found)) {
      if (found.left._tag === 'NotFound') continue
      return found
    }
    const foreign = await retrying(context, 'create', () => findForeignReason(run, source, found.right, { signal }))
    if (E.isLeft(foreign)) return foreign
    if (foreign.right?.kind === 'foreign') {
      // Whoever has the plan can compute the ID. Their image is never used, and does not stop this run.
      emit({ event: 'note', what: `image ${id} is not used: ${foreign.right.reason}; using another ID` })
      continue
    }
    if (foreign.right !== null)
      return E.left(
        conflict(createErrorSite(source.cloud, 'create'), {
          what: `image ${id} already exists, and is not used: ${foreign.right.reason}`,
          hint: 'Delete it if it is not needed, then resume',
        }),
      )
    if (found.right.status === 'pending' || found.right.status === 'available')
      return E.right({ image: found.right, adopted: true })
    const removed = await retrying(
      context,
      'create',
      () => deleteOwnImage(run, source, id, { signal, unless: ['pending', 'available'] }),
      isRetryable,
    )
    if (E.isLeft(removed)) return removed
  }
  return E.left(
    conflict(createErrorSite(source.cloud, 'create'), {
      what: `${MAX_ATTEMPTS} images of this run were created and deleted`,
      hint: 'Create a new plan',
    }),
  )
}
