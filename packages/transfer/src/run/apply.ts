import type { ImageResult } from '@imago/core'
import type { Plan } from '../plan/plan.ts'
import { openSpool } from '../spool/spool.ts'
import { MOVE_SITE } from './context.ts'
import { moveAll, unfinishedRuns } from './many.ts'
import { move, type Machinery } from './move.ts'
import type { RunManyOptions, RunOptions, RunResult } from './options.ts'
import type { Outcome } from '../journal/outcome.ts'
import { usualTools } from './usual-tools.ts'

const machineryOf = async ({ tools, allow, spoolDir, spoolLimit = null }: RunOptions): Promise<Machinery> => ({
  tools: usualTools(tools, allow),
  spool: await openSpool({ dir: spoolDir, limit: spoolLimit, site: MOVE_SITE }),
})

/**
 * Carries a plan out.
 * - A second run of the same plan makes no second image: it goes on with the first, or finds what that made.
 * - `Conflict`: the source is not what it was when the plan was made, or another process carries the plan out.
 * - Whatever ends it, its journal says how far it came: the same call goes on from there, and so does `resumeRuns`.
 * - What fails leaves nothing half-made at the target, as far as the target can be reached.
 */
export const applyPlan =
  (plan: Plan, options: RunOptions): ImageResult<Outcome> =>
  async () =>
    move(plan, options, await machineryOf(options))

/** Carries several plans out, `jobs` at a time. Gives their answers in the order of the plans. */
export const applyPlans = async (plans: readonly Plan[], options: RunManyOptions): Promise<readonly RunResult[]> =>
  moveAll(plans, options, await machineryOf(options))

/** Goes on with runs, or with all that are not done. Their plans are in their journals. */
export const resumeRuns = async (
  runs: readonly string[] | 'all',
  options: RunManyOptions,
): Promise<readonly RunResult[]> =>
  moveAll(runs === 'all' ? await unfinishedRuns(options.journalDir) : runs, options, await machineryOf(options))
