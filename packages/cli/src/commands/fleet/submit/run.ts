import type { Plan } from '@imago/transfer'
import { CHANGE_COLUMNS, writeChanges } from '../../../fleet/changes.ts'
import { orProblem, withFleet } from '../../../fleet/open-fleet.ts'
import { parseTransferFile, type TransferWords } from '../../../fleet/read-transfers.ts'
import { EXIT, type ExitCode } from '../../../exit-code.ts'
import type { LiveContext } from '../../../live.ts'
import { printMessage } from '../../../message.ts'
import { requestRows } from '../../../output/rows.ts'
import { Problem } from '../../../problem.ts'
import { makePlans } from '../../../transfer/make-plans.ts'
import { isBlocked } from '../../../transfer/plan-text.ts'
import { PLAN_COLUMNS, reportBlocked, writePlans } from '../../../transfer/plans.ts'
import { readPlanText } from '../../../transfer/read-plans.ts'
import { isAgreed } from '../../../transfer/spending.ts'
import { createUrls } from '../../../transfer/urls.ts'
import type { Confirm } from '../../../writing/confirm.ts'
import type { SubmitOptions } from './options.ts'

const planWords = async (
  words: readonly (readonly string[])[],
  options: SubmitOptions,
  live: LiveContext,
): Promise<readonly Plan[]> => {
  const urls = createUrls(live, words.flat())
  const plans: Plan[] = []
  for (const ends of words) plans.push(...(await makePlans(live, ends, options, urls.facts, urls.read)))
  return plans
}

const toEnds = (rows: readonly TransferWords[]): readonly (readonly string[])[] =>
  rows.map(({ source, target }) => [source, target])

/** The plans of the arguments, or of `--transfers`. */
const readOrMakePlans = async (
  ends: readonly string[],
  options: SubmitOptions,
  live: LiveContext,
  stdin: NodeJS.ReadableStream,
): Promise<readonly Plan[]> => {
  const { transfers } = options
  if (transfers === undefined) return planWords([ends], options, live)
  if (ends.length > 0) throw new Problem('--transfers and sources cannot be combined. Name one of them', EXIT.usage)
  const file = parseTransferFile(transfers, await readPlanText(transfers, stdin))
  return file.kind === 'plans' ? file.plans : planWords(toEnds(file.words), options, live)
}

/** `imago fleet submit`: plans transfers, and adds them to the queue in one transaction. */
export const submit = async (
  ends: readonly string[],
  options: SubmitOptions,
  live: LiveContext,
  process: Pick<NodeJS.Process, 'stdin' | 'env' | 'versions'>,
  confirm: Confirm | null,
): Promise<ExitCode> => {
  const isDry = options.dryRun === true
  const planRequest = isDry ? requestRows(PLAN_COLUMNS, options) : null
  const request = isDry ? null : requestRows(CHANGE_COLUMNS, options)
  return withFleet(options, process, async (fleet, { toEntry }) => {
    const plans = await readOrMakePlans(ends, options, live, process.stdin)
    const blocked = plans.filter(isBlocked)
    reportBlocked(live.messages, blocked)
    if (blocked.length > 0) {
      await live.messages.end()
      return EXIT.refused
    }
    const settings = { accept: options.accept, allow: options.allow ?? [], keepFailed: options.keepFailed === true }
    const entries = plans.map((plan) => orProblem(toEntry(plan, settings)))
    if (planRequest !== null) {
      await writePlans(plans, planRequest, false, live.output)
      await live.output.end()
      return EXIT.done
    }
    if (!(await isAgreed({ plans }, { yes: options.yes, confirm }, live))) {
      printMessage(live.messages, 'imago: nothing was submitted')
      await live.messages.end()
      return EXIT.error
    }
    const { added, known } = orProblem(await fleet.submit(entries))
    const isAdded = new Set(added)
    const changes = [...added, ...known].map((run) => ({ run, isChanged: isAdded.has(run) }))
    if (request !== null)
      await writeChanges('submit', changes, request, options, live, (changed, others) =>
        others === 0 ? `${changed} submitted` : `${changed} submitted; ${others} submitted before`,
      )
    return EXIT.done
  })
}
