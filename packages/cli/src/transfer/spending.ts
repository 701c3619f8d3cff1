import type { Money, Plan, RunSummary } from '@imago/transfer'
import { EXIT } from '../exit-code.ts'
import type { LiveContext } from '../live.ts'
import { count } from '../output/count.ts'
import { Problem } from '../problem.ts'
import { printMessage } from '../message.ts'
import type { Confirm } from '../writing/confirm.ts'
import { addMoney } from './money.ts'
import { moneyText } from './plan-text.ts'

/** What is to be run: plans that were made now, or runs that were begun before. */
export type Work = { readonly plans: readonly Plan[] } | { readonly runs: readonly RunSummary[] }

/** How a command that may spend money asks before. */
export interface Asking {
  /** Do not ask. */
  readonly yes?: boolean | undefined
  /** `null`: there is no terminal to ask on. */
  readonly confirm: Confirm | null
}

/** What one transfer orders at a provider for its own time. */
interface Spending {
  readonly resources: readonly string[]
  readonly once: readonly Money[]
}

const findSpending = (work: Work): readonly Spending[] => {
  const all: readonly Spending[] =
    'plans' in work ? work.plans.map(({ estimate }) => estimate) : work.runs.filter(({ outcome }) => outcome === null)
  return all.filter(({ resources, once }) => resources.length > 0 || once.length > 0)
}

const describeSpending = (spending: readonly Spending[]): string => {
  const kinds = [...new Set(spending.flatMap(({ resources }) => resources))]
  const money = addMoney(spending.flatMap(({ once }) => once))
  return `${spending.length === 1 ? 'this orders' : `${count(spending.length, 'transfer')} order`} ${kinds.length === 0 ? 'what costs money' : kinds.join(', ')}${money.length === 0 ? '' : `; about ${moneyText(money)} once`}`
}

/** Whether the work may go on: work that orders something which costs money is asked for. Without a terminal to ask on, `--yes` must be given. */
export const isAgreed = async (work: Work, { yes, confirm }: Asking, { messages }: LiveContext): Promise<boolean> => {
  const spending = findSpending(work)
  if (yes === true || spending.length === 0) return true
  const describeEvent = describeSpending(spending)
  if (confirm === null)
    throw new Problem(
      `${describeEvent}, and there is no terminal to ask on. To agree, add --yes; to see the plan, --dry-run`,
      EXIT.usage,
    )
  printMessage(messages, `imago: ${describeEvent}`)
  await messages.end()
  return confirm('Continue?')
}
