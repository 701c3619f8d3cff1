import type { ImageResult } from '@imago/core'
import type { Plan } from '../plan/plan.ts'
import { openSpool } from '../spool/spool.ts'
import { TRANSFER_SITE } from './context.ts'
import { runAll, unfinishedRuns } from './run-all.ts'
import { runTransfer, type RunServices } from './run-transfer.ts'
import type { RunManyOptions, RunOptions, RunResult } from './options.ts'
import type { TransferOutcome } from '../journal/outcome.ts'
import { createDefaultTools } from './default-tools.ts'

const machineryOf = async ({ tools, allow, spoolDir, spoolLimit = null }: RunOptions): Promise<RunServices> => ({
  tools: createDefaultTools(tools, allow),
  spool: await openSpool({ dir: spoolDir, limit: spoolLimit, site: TRANSFER_SITE }),
})

/**
 * Carries a plan out.
 * - A second run of the same plan makes no second image: it goes on with the first, or finds what that made.
 * - `Conflict`: the source is not what it was when the plan was made, or another process carries the plan out.
 * - Whatever ends it, its journal says how far it came: the same call goes on from there, and so does `resumeRuns`.
 * - What fails leaves nothing half-made at the target, as far as the target can be reached.
 */
export const applyPlan =
  (plan: Plan, options: RunOptions): ImageResult<TransferOutcome> =>
  async () =>
    runTransfer(plan, options, await machineryOf(options))

/** Carries several plans out, `jobs` at a time. Gives their answers in the order of the plans. */
export const applyPlans = async (plans: readonly Plan[], options: RunManyOptions): Promise<readonly RunResult[]> =>
  runAll(plans, options, await machineryOf(options))

/** Goes on with runs, or with all that are not done. Their plans are in their journals. */
export const resumeRuns = async (
  runs: readonly string[] | 'all',
  options: RunManyOptions,
): Promise<readonly RunResult[]> =>
  runAll(runs === 'all' ? await unfinishedRuns(options.journalDir) : runs, options, await machineryOf(options))
