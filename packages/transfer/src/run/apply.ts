import type { ImageResult } from '@imago/core'
import { toJournalStore } from '../journal/file-journals.ts'
import type { Plan } from '../plan/plan.ts'
import { openSpool } from '../spool/spool.ts'
import { TRANSFER_SITE } from './context.ts'
import { runAll, listUnfinishedRuns } from './run-all.ts'
import { runTransfer, type RunServices } from './run-transfer.ts'
import type { RunManyOptions, RunOptions, RunResult } from './options.ts'
import type { TransferOutcome } from '../journal/outcome.ts'
import { createDefaultTools } from './default-tools.ts'

const createServices = async ({ tools, allow, spoolDir, spoolLimit = null }: RunOptions): Promise<RunServices> => ({
  tools: createDefaultTools(tools, allow),
  spool: await openSpool({ dir: spoolDir, limit: spoolLimit, site: TRANSFER_SITE }),
})

/**
 * Runs a plan.
 * - Running the same plan again creates no second image: it continues the run, or returns its outcome.
 * - `Conflict`: the source has changed since the plan was created, or another process runs the plan.
 * - After an interruption, the same call continues, and so does `resumeRuns`.
 * - A failed run deletes its incomplete image, if the target can be reached.
 */
export const applyPlan =
  (plan: Plan, options: RunOptions): ImageResult<TransferOutcome> =>
  async () =>
    runTransfer(plan, options, await createServices(options))

/** Runs several plans, `jobs` at a time. Returns their results in the order of the plans. */
export const applyPlans = async (plans: readonly Plan[], options: RunManyOptions): Promise<readonly RunResult[]> =>
  runAll(plans, options, await createServices(options))

/** Continues runs, or all runs that are not done, with the plans in their journals. Rejects with an `ImageException` if the runs cannot be listed. */
export const resumeRuns = async (
  runs: readonly string[] | 'all',
  options: RunManyOptions,
): Promise<readonly RunResult[]> =>
  runAll(
    runs === 'all' ? await listUnfinishedRuns(toJournalStore(options.journals)) : runs,
    options,
    await createServices(options),
  )
