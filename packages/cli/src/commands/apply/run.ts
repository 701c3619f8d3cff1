import { parseJson, readPlan, type Plan } from '@imago/transfer'
import * as E from 'fp-ts/lib/Either.js'
import { createReadStream } from 'node:fs'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import type { LiveContext } from '../../live.ts'
import { toProblem } from '../../live-problem.ts'
import { isBlocked, formatTitle } from '../../transfer/plan-text.ts'
import { checkRunOptions } from '../../transfer/run-options.ts'
import { RESULT_COLUMNS, runTransfers } from '../../transfer/run-transfers.ts'
import { PLAN_COLUMNS, reportBlocked, writePlans } from '../../transfer/plans.ts'
import { requestRows } from '../../output/rows.ts'
import type { OpenUrl } from '../../transfer/urls.ts'
import { fileProblem, Problem } from '../../problem.ts'
import type { Confirm } from '../../writing/confirm.ts'
import type { ApplyOptions } from './options.ts'

const PLANS = 'urn:imago:schema:plans:1'

const NAME_A_PLAN = 'Name a file written by imago plan -o json'

const parsePlans = (file: string, text: string): readonly unknown[] => {
  const parsed = parseJson(text)
  if (E.isLeft(parsed)) throw new Problem(`cannot read ${file}: it ${parsed.left}. ${NAME_A_PLAN}`)
  const document = parsed.right
  const { $schema, plans } =
    typeof document === 'object' && document !== null
      ? (document as { readonly $schema?: unknown; readonly plans?: unknown })
      : {}
  return $schema === PLANS && Array.isArray(plans) ? plans : [document]
}

/** Enough for more than ten thousand plans. */
const MAX_BYTES = 256 * 2 ** 20

const readText = async (file: string, stream: NodeJS.ReadableStream): Promise<string> => {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of stream) {
      const bytes = Buffer.from(chunk)
      chunks.push(bytes)
      size += bytes.length
      if (size > MAX_BYTES) break
    }
  } catch (error) {
    throw fileProblem('read', file, error)
  }
  if (size > MAX_BYTES)
    throw new Problem(`cannot read ${file}: it is larger than ${MAX_BYTES / 2 ** 20} MiB, the limit of plan files`)
  return Buffer.concat(chunks).toString('utf8')
}

/** The plans in a file written by `imago plan -o json`. */
const readPlans = async (file: string, stdin: NodeJS.ReadableStream): Promise<readonly Plan[]> => {
  const text = await readText(file, file === '-' ? stdin : createReadStream(file))
  return parsePlans(file, text).map((document) => {
    const plan = readPlan(document)
    if (E.isLeft(plan)) {
      const isPlan = plan.left._tag !== 'DecodeFailed' || plan.left.issues.length === 0
      throw toProblem({ ...plan.left, operation: `read ${file}`, hint: isPlan ? plan.left.hint : NAME_A_PLAN })
    }
    return plan.right
  })
}

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
