import {
  formatInstant,
  observe,
  perform,
  type CloudObservation,
  type Image,
  type ImageError,
  type ImageSource,
} from '@imago/core'
import { planPrune, type PruneOptions as PlanOptions, type PruneRow } from '@imago/lifecycle'
import * as E from 'fp-ts/lib/Either.js'
import type { LiveContext } from '../../live.ts'

/** The maximum age of the data on which a decision is based, in milliseconds. Older data is read again. */
const FRESH_MS = 5000

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

/** Why a cloud was not read completely; `null`: it was. */
const findUnread = ({ images, usage }: CloudObservation): string | null => {
  if (images.completeness !== 'read') return images.reason ?? images.completeness
  const unread = usage.sources.find(({ completeness }) => completeness !== 'read')
  return unread === undefined ? null : `${unread.name}: ${unread.reason ?? unread.completeness}`
}

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
  let readAt = -Infinity
  let decisions = new Map<string, PruneRow>()
  for (const image of images) {
    if (live.signal.aborted) return
    const now = live.timing.clock()
    if (now - readAt > FRESH_MS) {
      const cloud = await observeAgain(live, source)
      if (live.signal.aborted) return
      const reason = findUnread(cloud)
      if (reason !== null) {
        yield { image: null, reason }
        return
      }
      decisions = new Map(planPrune(cloud, options).map((row) => [row.image.ref.id, row]))
      // What changes while the lists are being read may be missing from them.
      readAt = now
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

const observeAgain = async (live: LiveContext, source: ImageSource): Promise<CloudObservation> => {
  const { clouds } = await observe([source], {
    at: formatInstant(live.timing.clock()),
    parts: ['usage'],
    allProjects: live.allProjects,
    signal: live.signal,
  })()
  const [cloud] = clouds
  if (cloud === undefined) throw new Error('bug in imago: one source gave no observation')
  return cloud
}
