import { linkSignals, formatError, raceAbort, perform, type ImageError, type ImageSource } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import type { RunContext } from './context.ts'
import { deleteOwnImage } from './own-image.ts'

/** How long a run that is being stopped still tries to remove what it made. */
const PATIENCE_MS = 15_000

/**
 * Removes an image that this run made and did not finish; gives why it could not, if the provider says so: `null` otherwise. What could not be
 * removed is in the journal, and the next resume takes it up. The caller's signal does not stop it.
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
      what: isKept ? formatError(removed.left) : `image ${id} could not be removed; the next resume takes it up`,
    })
    return false
  })()
  const late = timing.sleep(PATIENCE_MS, timer.signal).then(
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

/** What a killed process of this run left: it costs money for as long as it is there. */
export const deleteOrphans = async (context: RunContext, source: ImageSource): Promise<void> => {
  const { signal, run, emit } = context
  if (source.orphans === undefined) return
  const found = await source.orphans({ signal })()
  for (const leftover of E.isRight(found) ? found.right.filter((one) => one.run === run) : []) {
    const removed = await perform(source, 'deleteOrphan', leftover, { signal })()
    emit({
      event: 'note',
      what: `${leftover.kind} ${leftover.id} of an earlier try ${E.isRight(removed) ? 'was removed' : 'could not be removed: see imago cleanup'}`,
    })
  }
}
