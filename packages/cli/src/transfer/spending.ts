import { describeCosts } from '@imago/core'
import type { Money, Plan, RunSummary } from '@imago/transfer'
import { EXIT } from '../exit-code.ts'
import { groupBy } from '../group-by.ts'
import type { LiveContext } from '../live.ts'
import { Problem } from '../problem.ts'
import { printMessage } from '../message.ts'
import type { Confirm } from '../writing/confirm.ts'

/** The work of a command: new plans, or interrupted runs. */
export type Work = { readonly plans: readonly Plan[] } | { readonly runs: readonly RunSummary[] }

/** How a command asks for confirmation before it spends money. */
export interface Asking {
  /** Skip the confirmation. */
  readonly yes?: boolean | undefined
  /** `null`: no terminal. */
  readonly confirm: Confirm | null
}

/** The resources that a transfer orders temporarily. */
interface Spending {
  readonly resources: readonly string[]
  readonly once: readonly Money[]
}

const findSpending = (work: Work): readonly Spending[] => {
  const all: readonly Spending[] =
    'plans' in work ? work.plans.map(({ estimate }) => estimate) : work.runs.filter(({ outcome }) => outcome === null)
  return all.filter(({ resources, once }) => resources.length > 0 || once.length > 0)
}

const formatResources = (resources: readonly string[]): string =>
  resources.length === 0 ? 'resources that cost money' : resources.join(', ')

/** `each of 2 transfers orders a cx23 server; one transfer orders a cax11 server; cost: about 0.02 EUR once` */
const describeSpending = (spending: readonly Spending[]): string => {
  const costs = describeCosts(spending.flatMap(({ once }) => once))
  const subject = (transfers: number): string =>
    transfers > 1 ? `each of ${transfers} transfers` : spending.length === 1 ? 'the transfer' : 'one transfer'
  return [
    ...groupBy(spending, ({ resources }) => formatResources(resources)).map(
      (group) => `${subject(group.length)} orders ${formatResources(group[0].resources)}`,
    ),
    ...(costs === null ? [] : [`cost: ${costs}`]),
  ].join('; ')
}

/** Asks for confirmation if the work costs money. Without a terminal, `--yes` is required. */
export const isAgreed = async (work: Work, { yes, confirm }: Asking, { messages }: LiveContext): Promise<boolean> => {
  const spending = findSpending(work)
  if (yes === true || spending.length === 0) return true
  const question = describeSpending(spending)
  if (confirm === null)
    throw new Problem(
      `confirmation needs a terminal: ${question}. To confirm, add --yes; to preview, add --dry-run`,
      EXIT.usage,
    )
  printMessage(messages, `imago: ${question}`)
  await messages.end()
  return confirm('Continue?')
}
