import { perform, type CloudObservation, type Image, type ImageError, type ImageSource } from '@imago/core'
import { planPrune, type PruneOptions as PlanOptions, type PruneRow } from '@imago/lifecycle'
import * as E from 'fp-ts/lib/Either.js'
import type { LiveContext } from '../../live.ts'
import { createFreshObservation } from '../../observing/fresh-observation.ts'

/** The outcome for an image planned to be deleted. `kept`: the decision has changed in the meantime. */
export type DeleteOutcome =
  | { readonly result: 'deleted' }
  | { readonly result: 'kept'; readonly row: PruneRow | null }
  | { readonly result: 'failed'; readonly error: ImageError }

/** One step of a deletion. */
export type DeleteStep =
  | { readonly image: Image; readonly outcome: DeleteOutcome }
  /** Images or usage could not be read again, so that no decision can be repeated. This ends the deletion. `reason`: one line for people. */
  | { readonly image: null; readonly reason: string }

/**
 * Deletes images of one cloud, one after another, until the signal aborts.
 *
 * The decision is repeated before each deletion, from images and usage read at most five seconds earlier. A server that starts to use the image within
 * these seconds goes unnoticed, because no provider supports conditional deletion. If images or usage cannot be read completely, the deletion ends.
 */
export async function* deleteImages(
  live: LiveContext,
  source: ImageSource,
  images: readonly Image[],
  options: PlanOptions,
): AsyncGenerator<DeleteStep, void, undefined> {
  const observeFresh = createFreshObservation(live, source)
  let last: CloudObservation | null = null
  let decisions = new Map<string, PruneRow>()
  for (const image of images) {
    if (live.signal.aborted) return
    const cloud = await observeFresh()
    if (live.signal.aborted) return
    if (E.isLeft(cloud)) {
      yield { image: null, reason: cloud.left }
      return
    }
    if (cloud.right !== last) {
      last = cloud.right
      decisions = new Map(planPrune(cloud.right, options).map((one) => [one.image.ref.id, one]))
    }
    const row = decisions.get(image.ref.id) ?? null
    if (row?.action !== 'delete') {
      yield { image, outcome: { result: 'kept', row } }
      continue
    }
    const deleted = await perform(source, 'delete', image.ref.id, { signal: live.signal })()
    // An interrupted deletion may have succeeded; its error states so.
    yield { image, outcome: E.isLeft(deleted) ? { result: 'failed', error: deleted.left } : { result: 'deleted' } }
  }
}
