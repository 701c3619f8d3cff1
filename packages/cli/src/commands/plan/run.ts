import { EXIT, type ExitCode } from '../../exit-code.ts'
import type { LiveContext } from '../../live.ts'
import { makePlans } from '../../transfer/make-plans.ts'
import { isBlocked } from '../../transfer/plan-text.ts'
import { PLAN_COLUMNS, writePlans } from '../../transfer/plans.ts'
import type { Urls } from '../../transfer/urls.ts'
import { requestRows } from '../../output/rows.ts'
import type { PlanOptions } from './options.ts'

/** `imago plan`: shows what a transfer would do. Queries the clouds and changes nothing. */
export const plan = async (
  words: readonly string[],
  options: PlanOptions,
  live: LiveContext,
  urls: Pick<Urls, 'facts' | 'read'>,
): Promise<ExitCode> => {
  const request = requestRows(PLAN_COLUMNS, options)
  const plans = await makePlans(live, words, options, urls.facts, urls.read)
  await writePlans(plans, request, options.fields === true, live.output)
  await live.output.end()
  return plans.some(isBlocked) ? EXIT.refused : EXIT.done
}
