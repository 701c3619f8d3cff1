import { toInstant } from '@imago/codec'
import { formatError, linkSignals, rejected, type ImageError, type ImageSource } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { toJournalStore } from '../journal/file-journals.ts'
import { openJournal, type Journal } from '../journal/journal.ts'
import type { TransferOutcome } from '../journal/outcome.ts'
import { findBlockers } from '../plan/plan-transfer.ts'
import type { Plan } from '../plan/plan.ts'
import { readPlan } from '../plan/read-plan.ts'
import type { Spool } from '../spool/spool.ts'
import { TRANSFER_SITE, type RunContext } from './context.ts'
import { executePlan } from './execute-plan.ts'
import { fenceSource } from './fence-source.ts'
import { toRunError } from './file-bytes.ts'
import type { RunOptions } from './options.ts'
import { isResumable } from './resumable.ts'
import { MIN_OVERLAPPED_BYTES } from './send-while-fetching.ts'
import { REAL_TIMING, DEFAULT_RETRY } from './timing.ts'
import type { RunTools } from './tools.ts'
import type { TransferEvent } from './transfer-event.ts'
import { findWrongSource } from './wrong-source.ts'

/** Services of a run that are not options of its caller. */
export interface RunServices {
  readonly tools: RunTools
  readonly spool: Spool
  /** The size, in bytes, from which an image is sent while it is fetched. Default: 128 MiB. */
  readonly minOverlappedBytes?: number | undefined
  /** Wraps the journal, so that tests can interrupt a run anywhere. */
  readonly wrapJournal?: ((journal: Journal) => Journal) | undefined
}

/** The error for a plan with a blocking check; `null`: none. */
const findRefusal = (plan: Plan): ImageError | null => {
  const [blocker] = findBlockers(plan)
  return blocker === undefined
    ? null
    : rejected(TRANSFER_SITE, {
        what: blocker.what,
        hint: blocker.hint,
        changes: blocker.changes,
        blockedBy: blocker.check,
      })
}

/**
 * Runs a plan, or continues a run. Each plan runs at most once at a time. The journal records its progress.
 */
export const runTransfer = async (
  which: Plan | string,
  options: RunOptions,
  { tools, spool, minOverlappedBytes = MIN_OVERLAPPED_BYTES, wrapJournal = (journal) => journal }: RunServices,
): Promise<E.Either<ImageError, TransferOutcome>> => {
  if (typeof which !== 'string') {
    const read = readPlan(which)
    if (E.isLeft(read)) return read
    const blocked = findRefusal(read.right)
    if (blocked !== null) return E.left(blocked)
  }
  const timing = options.timing ?? REAL_TIMING
  const now = (): string => {
    const iso = new Date(timing.clock()).toISOString()
    return toInstant(iso) ?? iso
  }
  // Another process that has taken the run stops this one like its caller.
  const { signal, abort, release } = linkSignals(options.signal)
  try {
    const opened = await openJournal(which, { journals: toJournalStore(options.journals), now, onFenced: abort })
    if (E.isLeft(opened)) return opened
    const journal = wrapJournal(opened.right)
    const { plan } = journal.state()
    const run = plan.id
    const emit: RunContext['emit'] = (event) => options.onEvent?.({ ...event, run, at: now() } as TransferEvent)
    const context: RunContext = {
      run,
      plan,
      options: {
        ...options,
        openSource: (cloud) => TE.map((source: ImageSource) => fenceSource(source, journal))(options.openSource(cloud)),
        signal,
      },
      journal,
      spool,
      tools,
      timing,
      retry: options.retry ?? DEFAULT_RETRY,
      minOverlappedBytes,
      signal,
      emit,
    }
    try {
      const blocked = findRefusal(plan)
      const result =
        blocked === null
          ? await executePlan(context).catch((thrown: unknown) =>
              E.left<ImageError, TransferOutcome>(toRunError(TRANSFER_SITE, thrown)),
            )
          : E.left(blocked)
      const fenced = journal.fenced()
      if (fenced !== null) {
        emit({ event: 'failed', reason: formatError(fenced), resumable: false })
        return E.left(fenced)
      }
      if (E.isRight(result)) {
        if (journal.state().outcome === null) await journal.note({ entry: 'done', outcome: result.right })
        await spool.remove(run)
        emit({ event: 'done', outcome: result.right })
      } else {
        const resumable = isResumable(result.left)
        // The staged bytes are wrong, or useless for the new plan, which is another run.
        if (result.left.remedy === 'new-source' || result.left.remedy === 'new-plan') await spool.remove(run)
        await journal.note({
          entry: 'failed',
          error: result.left._tag,
          what: result.left.what,
          isFinal: !resumable,
          ...findWrongSource(result.left, journal.state().sourceVersion),
        })
        emit({ event: 'failed', reason: formatError(result.left), resumable })
      }
      return result
    } finally {
      spool.release(run)
      await journal.close()
    }
  } catch (thrown) {
    return E.left(toRunError(TRANSFER_SITE, thrown))
  } finally {
    release()
  }
}
