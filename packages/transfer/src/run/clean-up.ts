import { linkedSignal, orAborted, perform, type ImageSource } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import type { RunContext } from './context.ts'

/** How long a run that is being stopped still tries to remove what it made. */
const PATIENCE_MS = 15_000

/**
 * Removes an image that this run made and did not finish. Does not fail: what could not be removed is in the journal, and the next resume takes
 * it up. The caller's signal does not stop it.
 */
export const removeUnfinished = async ({ journal, timing, tell }: RunContext, source: ImageSource, id: string): Promise<void> => {
  const { signal, abort } = linkedSignal(undefined)
  const timer = linkedSignal(undefined)
  const work = (async () => {
    const removed = await perform(source, 'remove', id, { signal })()
    if (E.isRight(removed) || removed.left._tag === 'NotFound') return true
    // Removed without being asked whether it is protected: the run protects at the very end.
    tell({ event: 'note', what: `image ${id} could not be removed; the next resume takes it up` })
    return false
  })()
  const late = timing.sleep(PATIENCE_MS, timer.signal).then(
    () => false,
    () => false,
  )
  const isGone = await Promise.race([work, late])
  timer.abort()
  if (isGone) await journal.note({ entry: 'removed', id })
  else abort()
  await orAborted(work, signal)
}

/** What a killed process of this run left: it costs money for as long as it is there. */
export const removeRemains = async (context: RunContext, source: ImageSource): Promise<void> => {
  const { signal, run, tell } = context
  if (source.leftovers === undefined) return
  const found = await source.leftovers({ signal })()
  for (const leftover of E.isRight(found) ? found.right.filter((one) => one.run === run) : []) {
    const removed = await perform(source, 'removeLeftover', leftover, { signal })()
    tell({ event: 'note', what: `${leftover.kind} ${leftover.id} of an earlier try ${E.isRight(removed) ? 'was removed' : 'could not be removed: see imago cleanup'}` })
  }
}
