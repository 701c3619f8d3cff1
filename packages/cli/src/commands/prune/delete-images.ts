import { observe, perform, type CloudObservation, type Image, type ImageError, type ImageSource } from '@imago/core'
import { planPrune, type PruneOptions as PlanOptions, type PruneRow } from '@imago/lifecycle'
import * as E from 'fp-ts/lib/Either.js'
import { formatInstant } from '../../listing/age.ts'
import type { LiveContext } from '../../live.ts'

/** How long the decision on an image may rest on what was read before, in milliseconds. Then everything is read anew. */
const FRESH_MS = 5000

/** What became of one image that was to be deleted. `kept`: the decision is another one by now. */
export type DeleteOutcome =
  | { readonly result: 'deleted' }
  | { readonly result: 'kept'; readonly row: PruneRow | null }
  | { readonly result: 'failed'; readonly error: ImageError }

/**
 * Deletes images of one cloud, one after another, until the signal aborts.
 *
 * Before each deletion the decision is made again, from images and usage that were read at most five seconds before: what is used, protected or
 * gone by now stays. Servers that start using an image within these seconds cannot be noticed: no provider can delete an image on condition.
 */
export async function* deleteImages(
  live: LiveContext,
  source: ImageSource,
  images: readonly Image[],
  options: PlanOptions,
): AsyncGenerator<{ readonly image: Image; readonly outcome: DeleteOutcome }, void, undefined> {
  let readAt = -Infinity
  let decisions = new Map<string, PruneRow>()
  for (const image of images) {
    if (live.signal.aborted) return
    if (live.timing.clock() - readAt > FRESH_MS) {
      const cloud = await observeAgain(live, source)
      if (live.signal.aborted) return
      decisions = new Map(planPrune(cloud, options).map((row) => [row.image.ref.id, row]))
      readAt = live.timing.clock()
    }
    const row = decisions.get(image.ref.id) ?? null
    if (row?.action !== 'delete') {
      yield { image, outcome: { result: 'kept', row } }
      continue
    }
    const deleted = await perform(source, 'delete', image.ref.id, { signal: live.signal })()
    // An interrupted deletion may have been carried out: it is a failure that says so.
    yield { image, outcome: E.isLeft(deleted) ? { result: 'failed', error: deleted.left } : { result: 'deleted' } }
  }
}

const observeAgain = async (live: LiveContext, source: ImageSource): Promise<CloudObservation> => {
  const { clouds } = await observe([source], {
    at: formatInstant(live.timing.clock()),
    parts: ['usage'],
    signal: live.signal,
  })()
  const [cloud] = clouds
  if (cloud === undefined) throw new Error('bug in imago: one source gave no observation')
  return cloud
}
