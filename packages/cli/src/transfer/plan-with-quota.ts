import {
  findBlockers,
  computeImageId,
  planTransfer,
  type TransferSource,
  type TransferTarget,
  type TransferOverrides,
  type Plan,
  type PlannedUsage,
} from '@imago/transfer'
import * as E from 'fp-ts/lib/Either.js'
import type { LiveContext } from '../live.ts'
import { openSource, resolveTarget } from '../resolve-image.ts'
import type { TargetArgument } from './arguments.ts'

const isBlockedByQuota = (plan: Plan): boolean => {
  const blockers = findBlockers(plan)
  return blockers.length > 0 && blockers.every(({ check }) => check === 'quota')
}

/** Whether an earlier run of this plan has already created its image at the target. */
const isUploaded = async (live: LiveContext, to: TargetArgument, { id, target }: Plan): Promise<boolean> => {
  if (to.kind === 'file' || target.kind === 'file' || target.by !== 'upload') return false
  const source = await openSource(live, resolveTarget(live, to.cloud))
  return E.isRight(await source.get(computeImageId(id, 0), { signal: live.signal })())
}

/** The bytes that a plan uploads; `null`: unknown. */
const sentBy = ({ steps }: Plan): number | null => steps.find(({ step }) => step === 'upload')?.bytes ?? null

/** Whether this plan reduces the quota available to later plans. */
const takesQuota = async (
  live: LiveContext,
  to: TargetArgument,
  plan: Plan,
  { limits }: Extract<TransferTarget, { readonly kind: 'cloud' }>,
): Promise<boolean> => {
  const hasQuota = (limits?.bytes?.limit ?? null) !== null || (limits?.images?.limit ?? null) !== null
  return hasQuota && !(await isUploaded(live, to, plan))
}

/** Creates a planner that counts the quota used by its earlier plans. */
export const createPlanner = (
  live: LiveContext,
  to: TargetArgument,
): ((source: TransferSource, target: TransferTarget, overrides: TransferOverrides) => Promise<Plan>) => {
  let plannedUsage: PlannedUsage = { bytes: 0, images: 0 }
  const ids = new Set<string>()
  return async (source, target, overrides) => {
    if (target.kind === 'file') return planTransfer(source, target, overrides)
    const plan = planTransfer(source, { ...target, plannedUsage }, overrides)
    if (isBlockedByQuota(plan)) {
      const made = planTransfer(source, { ...target, alreadyExists: true }, overrides)
      // A repeated plan creates no second image.
      return ids.has(made.id) || (await isUploaded(live, to, made)) ? made : plan
    }
    if (findBlockers(plan).length === 0 && !ids.has(plan.id) && (await takesQuota(live, to, plan, target)))
      plannedUsage = { bytes: plannedUsage.bytes + (sentBy(plan) ?? 0), images: plannedUsage.images + 1 }
    ids.add(plan.id)
    return plan
  }
}
