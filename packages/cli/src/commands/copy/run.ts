import type { Plan } from '@imago/transfer'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import type { LiveContext } from '../../live.ts'
import { makePlans } from '../../transfer/make-plans.ts'
import { isBlocked, sourceText, formatTitle } from '../../transfer/plan-text.ts'
import { checkRunOptions } from '../../transfer/run-options.ts'
import { RESULT_COLUMNS, runTransfers } from '../../transfer/run-transfers.ts'
import { PLAN_COLUMNS, reportBlocked, writePlans } from '../../transfer/plans.ts'
import type { Urls } from '../../transfer/urls.ts'
import { printMessage } from '../../message.ts'
import type { Confirm } from '../../writing/confirm.ts'
import { requestRows } from '../../output/rows.ts'
import type { CopyOptions } from './options.ts'

/** Prints blocked plans as tables or JSON. Formats that list new images report them as messages, so that no script takes a plan for an image. */
const printBlocked = async (
  plans: readonly Plan[],
  { output, columns, quiet, fields }: CopyOptions,
  live: LiveContext,
): Promise<void> => {
  const printsPlans = quiet !== true && columns === undefined && (output === 'table' || output === 'json')
  if (printsPlans) await writePlans(plans, requestRows(PLAN_COLUMNS, { output }), fields === true, live.output)
  else reportBlocked(live.messages, plans)
}

/** `imago copy`, `download` and `upload`. With `--dry-run` they show only the plans. If one of several plans is blocked, nothing is transferred. */
export const copy = async (
  words: readonly string[],
  options: CopyOptions,
  live: LiveContext,
  urls: Urls,
  env: NodeJS.ProcessEnv,
  confirm: Confirm | null,
): Promise<ExitCode> => {
  const dryRequest = options.dryRun === true ? requestRows(PLAN_COLUMNS, options) : null
  if (dryRequest === null) requestRows(RESULT_COLUMNS, options)
  checkRunOptions(options)
  const plans = await makePlans(live, words, options, urls.facts, urls.read)
  const blocked = plans.filter(isBlocked)
  if (dryRequest !== null || blocked.length > 0) {
    if (dryRequest !== null) await writePlans(plans, dryRequest, options.fields === true, live.output)
    else await printBlocked(blocked, options, live)
    await live.output.end()
    if (blocked.length > 0)
      printMessage(
        live.messages,
        `imago: ${blocked.length === 1 ? 'the plan is blocked' : `${blocked.length} plans are blocked`}; nothing was transferred`,
      )
    await live.messages.end()
    return blocked.length > 0 ? EXIT.refused : EXIT.done
  }
  const names = new Map(
    plans.map((plan) => [plan.id, plans.length === 1 ? formatTitle(plan) : sourceText(plan.source)]),
  )
  return runTransfers(live, { plans }, options, (run) => names.get(run) ?? run, env, urls.open, confirm)
}
