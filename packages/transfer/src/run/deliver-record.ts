import { conflict, isRetryable, perform, siteOf, type Image, type ImageError, type ImageSource, type NewImage } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { imageIdOf } from '../plan/uuid.ts'
import { beginStep, type RunContext } from './context.ts'
import { isOf, marked } from './marks.ts'
import { retrying } from './retry.ts'

/** More images of one run than anyone removes by hand. */
const MOST_ATTEMPTS = 50

/** The record of this run's image, just made or found. */
export interface Record {
  readonly image: Image
  readonly adopted: boolean
}

/**
 * The record of this run's image. Its id is made of run and attempt: asking twice, here or elsewhere, makes one. An id whose image was removed is
 * never given again, so the next attempt has another.
 */
export const ensureRecord = async (context: RunContext, source: ImageSource, request: NewImage): Promise<E.Either<ImageError, Record>> => {
  const { run, journal, signal } = context
  await beginStep(context, 'create')
  const { visibility: _, ...record } = marked(request, run, source.capabilities)
  for (let attempt = journal.state().attempt; attempt < MOST_ATTEMPTS; attempt++) {
    const id = imageIdOf(run, attempt)
    const { creating, sending } = journal.state()
    if (creating !== id || !sending) await journal.note({ entry: 'creating', attempt, id })
    const asked: NewImage = { ...record, id, ...(context.plan.finish.visibility === null ? {} : { visibility: 'private' as const }) }
    const made = await retrying(context, 'create', () => perform(source, 'create', asked, { signal })())
    if (E.isRight(made)) return E.right({ image: made.right, adopted: false })
    if (made.left._tag !== 'Conflict') return made
    const found = await retrying(context, 'create', () => source.get(id, { signal })())
    if (E.isLeft(found)) {
      if (found.left._tag === 'NotFound') continue
      return found
    }
    if (!isOf(run, found.right)) return E.left(conflict(siteOf(source.cloud, 'create'), { what: `there is an image ${id}, and this run did not make it`, hint: 'Remove it, then resume' }))
    if (found.right.status === 'pending' || found.right.status === 'available') return E.right({ image: found.right, adopted: true })
    const removed = await retrying(context, 'create', () => perform(source, 'remove', id, { signal })(), isRetryable)
    if (E.isLeft(removed) && removed.left._tag !== 'NotFound') return removed
  }
  return E.left(conflict(siteOf(source.cloud, 'create'), { what: `${MOST_ATTEMPTS} images of this run were made and removed`, hint: 'Make a new plan' }))
}
