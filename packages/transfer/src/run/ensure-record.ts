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

/** More images of one run than anyone removes by hand. */
const MOST_ATTEMPTS = 50

/** The record of this run's image, just made or found. */
export interface EnsuredRecord {
  readonly image: Image
  readonly adopted: boolean
}

/** `Conflict`: there is an image with this id, perhaps made by the request whose answer was lost. */
const create = async (
  source: ImageSource,
  asked: NewImage,
  id: string,
  options: Abortable,
): Promise<E.Either<ImageError, Image>> => {
  const made = await perform(source, 'create', asked, options)()
  if (E.isRight(made) || made.left._tag !== 'Unavailable') return made
  const found = await source.get(id, options)()
  return E.isRight(found)
    ? E.left(conflict(createErrorSite(source.cloud, 'create'), { what: `there is an image ${id} already` }))
    : made
}

/**
 * The record of this run's image. Its id is made of run and attempt: asking twice, here or elsewhere, makes one. An id whose image was removed is
 * never given again, so the next attempt has another.
 */
export const ensureRecord = async (
  context: RunContext,
  source: ImageSource,
  request: NewImage,
): Promise<E.Either<ImageError, EnsuredRecord>> => {
  const { run, journal, signal, emit } = context
  await beginStep(context, 'create')
  const { visibility: _, ...record } = addRunTag(request, run, source.capabilities)
  for (let attempt = journal.state().attempt; attempt < MOST_ATTEMPTS; attempt++) {
    const id = computeImageId(run, attempt)
    const { creating, sending } = journal.state()
    if (creating !== id || !sending) await journal.note({ entry: 'creating', attempt, id })
    const asked: NewImage = {
      ...record,
      id,
      ...(context.plan.finalSettings.visibility === null ? {} : { visibility: 'private' as const }),
    }
    const made = await retrying(context, 'create', () => create(source, asked, id, { signal }))
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
      // Whoever has the plan can know the id. What they made is never used, and does not stop this run.
      emit({ event: 'note', what: `image ${id} is not used: ${foreign.right.why}; another id is taken` })
      continue
    }
    if (foreign.right !== null)
      return E.left(
        conflict(createErrorSite(source.cloud, 'create'), {
          what: `there is an image ${id} already, and it is not used: ${foreign.right.why}`,
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
      what: `${MOST_ATTEMPTS} images of this run were made and removed`,
      hint: 'Make a new plan',
    }),
  )
}
