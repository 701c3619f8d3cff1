import {
  linkSignals,
  formatError,
  raceAbort,
  perform,
  type ImageError,
  type ImageSource,
  type OrphanedResource,
} from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import type { RunContext } from './context.ts'
import { deleteOwnImage } from './own-image.ts'

/** How long an interrupted run tries to delete its image. */
const DELETE_TIMEOUT_MS = 15_000

/**
 * Deletes the incomplete image of this run. Returns the error, if the provider refuses; `null` otherwise. An image that is not deleted stays in the
 * journal, and the next resume handles it. The caller's signal does not stop the deletion.
 */
export const deleteUnfinished = async (
  { run, journal, timing, emit }: RunContext,
  source: ImageSource,
  id: string,
): Promise<ImageError | null> => {
  const { signal, abort } = linkSignals(undefined)
  const timer = linkSignals(undefined)
  let refusal: ImageError | null = null
  const work = (async () => {
    const removed = await deleteOwnImage(run, source, id, { signal })
    if (E.isRight(removed)) return true
    refusal = removed.left
    const isKept = removed.left._tag === 'Forbidden' && removed.left.reason === 'not_own'
    emit({
      event: 'note',
      what: isKept ? formatError(removed.left) : `image ${id} could not be deleted: the next resume tries again`,
    })
    return false
  })()
  const late = timing.sleep(DELETE_TIMEOUT_MS, timer.signal).then(
    () => false,
    () => false,
  )
  const isGone = await Promise.race([work, late])
  timer.abort()
  if (isGone) await journal.note({ entry: 'deleted', id })
  else abort()
  await raceAbort(work, signal)
  return refusal
}

/** Deletes the resources that earlier owners of this run left, which may cost money. Those of this epoch are in use. */
export const deleteOrphans = async (context: RunContext, source: ImageSource): Promise<void> => {
  const { signal, run, emit, journal } = context
  if (source.orphans === undefined) return
  const found = await source.orphans({ signal })()
  const isLeft = (one: OrphanedResource): boolean => one.run === run && one.epoch !== journal.epoch
  for (const orphan of E.isRight(found) ? found.right.filter(isLeft) : []) {
    const removed = await perform(source, 'deleteOrphan', orphan, { signal })()
    emit({
      event: 'note',
      what: `${orphan.kind} ${orphan.id} of an earlier attempt ${E.isRight(removed) ? 'was deleted' : 'could not be deleted, and remains as an orphaned resource'}`,
    })
  }
}
