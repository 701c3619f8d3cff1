import type { Plan } from '@imago/transfer'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import type { LiveContext, LiveOptions } from '../../live.ts'
import { makePlans, type PlanningOptions } from '../../moving/make-plans.ts'
import { isBlocked, writePlan } from '../../moving/plan-text.ts'
import { writeOverview } from '../../moving/plans-overview.ts'
import type { Urls } from '../../moving/urls.ts'
import type { Output } from '../../output/stream.ts'
import { visibleJson } from '../../output/visible.ts'

/** How plans are shown. */
export interface ShowingOptions {
  readonly output: 'table' | 'json'
  /** Each field and step, of several images too; without, those have an overview. */
  readonly fields?: boolean
}

export interface PlanOptions extends PlanningOptions, LiveOptions, ShowingOptions {}

/** Plans, for people or for `imago apply`. */
export const writePlans = (plans: readonly Plan[], { output: format, fields }: ShowingOptions, output: Output): void => {
  if (format === 'json') {
    const [only, ...others] = plans
    const text = JSON.stringify(others.length === 0 ? only : { $schema: 'urn:imago:schema:plans:1', plans }, null, 2)
    return output.write(`${output.isTerminal ? visibleJson(text) : text}\n`)
  }
  if (plans.length > 1 && fields !== true) return writeOverview(plans, output)
  plans.forEach((plan, at) => {
    if (at > 0) output.write('\n')
    writePlan(plan, output)
  })
}

/** `imago plan`: what a move would do. Asks the clouds, changes nothing. */
export const plan = async (words: readonly string[], options: PlanOptions, live: LiveContext, urls: Pick<Urls, 'facts' | 'read'>): Promise<ExitCode> => {
  const plans = await makePlans(live, words, options, urls.facts, urls.read)
  writePlans(plans, options, live.output)
  await live.output.end()
  return plans.some(isBlocked) ? EXIT.refused : EXIT.done
}
