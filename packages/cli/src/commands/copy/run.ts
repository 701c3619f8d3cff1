import { EXIT, type ExitCode } from '../../exit-code.ts'
import type { LiveContext } from '../../live.ts'
import { makePlans, type PlanningOptions } from '../../moving/make-plans.ts'
import { isBlocked, sourceText, titleOf } from '../../moving/plan-text.ts'
import { runMoves } from '../../moving/run-moves.ts'
import type { MovingOptions } from '../../moving/run-options.ts'
import type { Urls } from '../../moving/urls.ts'
import { tell } from '../../tell.ts'
import type { Confirm } from '../../writing/confirm.ts'
import { writePlans, type ShowingOptions } from '../plan/run.ts'

export interface CopyOptions extends PlanningOptions, MovingOptions, ShowingOptions {}

/** `imago copy`, `download` and `upload`; with `--dry-run` they only show the plans. If one of several plans is blocked, nothing is transferred. */
export const copy = async (words: readonly string[], options: CopyOptions, live: LiveContext, urls: Urls, env: NodeJS.ProcessEnv, confirm: Confirm | null): Promise<ExitCode> => {
  const plans = await makePlans(live, words, options, urls.facts, urls.read)
  const blocked = plans.filter(isBlocked)
  if (options.dryRun === true || blocked.length > 0) {
    writePlans(options.dryRun === true ? plans : blocked, options, live.output)
    await live.output.end()
    if (blocked.length > 0) tell(live.talk, `imago: ${blocked.length === 1 ? 'a plan is blocked' : `${blocked.length} plans are blocked`}; nothing was transferred`)
    await live.talk.end()
    return blocked.length > 0 ? EXIT.refused : EXIT.done
  }
  const names = new Map(plans.map((plan) => [plan.id, plans.length === 1 ? titleOf(plan) : sourceText(plan.source)]))
  return runMoves(live, { plans }, options, (run) => names.get(run) ?? run, env, urls.open, confirm)
}
