import type { Plan } from '@imago/transfer'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import type { LiveContext } from '../../live.ts'
import { isBlocked, formatTitle } from '../../transfer/plan-text.ts'
import { readPlans } from '../../transfer/read-plans.ts'
import { checkRunOptions } from '../../transfer/run-options.ts'
import { RESULT_COLUMNS, runTransfers } from '../../transfer/run-transfers.ts'
import { PLAN_COLUMNS, reportBlocked, writePlans } from '../../transfer/plans.ts'
import { requestRows } from '../../output/rows.ts'
import type { OpenUrl } from '../../transfer/urls.ts'
import type { Confirm } from '../../writing/confirm.ts'
import type { ApplyOptions } from './options.ts'

/** `imago apply`: runs plans. A plan whose source has changed since is refused. */
export const apply = async (
  files: readonly string[],
  options: ApplyOptions,
  live: LiveContext,
  openUrl: OpenUrl,
  process: Pick<NodeJS.Process, 'stdin' | 'env'>,
  confirm: Confirm | null,
): Promise<ExitCode> => {
  const isDry = options.dryRun === true
  const request = isDry ? requestRows(PLAN_COLUMNS, options) : null
  if (!isDry) requestRows(RESULT_COLUMNS, options)
  checkRunOptions(options)
  const plans: Plan[] = []
  for (const file of files) plans.push(...(await readPlans(file, process.stdin)))
  const blocked = plans.filter(isBlocked)
  reportBlocked(live.messages, blocked)
  if (blocked.length > 0) {
    await live.messages.end()
    return EXIT.refused
  }
  if (request !== null) {
    await writePlans(plans, request, options.fields === true, live.output)
    await live.output.end()
    return EXIT.done
  }
  const names = new Map(plans.map((plan) => [plan.id, formatTitle(plan)]))
  return runTransfers(live, { plans }, options, (run) => names.get(run) ?? run, process.env, openUrl, confirm)
}
