import { formatInstant, observe, type CloudObservation, type ImageSource } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { findUnreadLists } from '../listing/usage-selection.ts'
import type { LiveContext } from '../live.ts'

/** The maximum age of the data on which a decision is based, in milliseconds. Older data is read again. */
const FRESH_MS = 5000

/** Why a cloud was not read completely, in one line; `null`: it was. */
const findUnread = ({ images, usage }: CloudObservation): string | null =>
  images.completeness === 'read' ? (findUnreadLists(usage)[0] ?? null) : (images.reason ?? images.completeness)

const observeNow = async (live: LiveContext, source: ImageSource): Promise<CloudObservation> => {
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

/**
 * Creates a function that returns images and usage of a cloud as they were at most five seconds ago: the same object until they are read again.
 * Left: why they could not be read completely, in one line. A change within these seconds goes unnoticed, because no provider supports conditional changes.
 */
export const createFreshObservation = (
  live: LiveContext,
  source: ImageSource,
): (() => Promise<E.Either<string, CloudObservation>>) => {
  let readAt = -Infinity
  let last: E.Either<string, CloudObservation> = E.left('not read')
  return async () => {
    const now = live.timing.clock()
    if (E.isRight(last) && now - readAt <= FRESH_MS) return last
    const cloud = await observeNow(live, source)
    const reason = findUnread(cloud)
    last = reason === null ? E.right(cloud) : E.left(reason)
    // What changes while the lists are being read may be missing from them.
    readAt = now
    return last
  }
}
