import {
  blockersOf,
  imageIdOf,
  planMove,
  type MoveSource,
  type MoveTarget,
  type MoveWishes,
  type Plan,
  type PlannedUse,
} from '@imago/transfer'
import * as E from 'fp-ts/lib/Either.js'
import type { LiveContext } from '../live.ts'
import { openSource, resolveTarget } from '../resolve-image.ts'
import type { TargetArgument } from './arguments.ts'

const isBlockedByQuota = (plan: Plan): boolean => {
  const blockers = blockersOf(plan)
  return blockers.length > 0 && blockers.every(({ gate }) => gate === 'quota')
}

/** Whether the image that this plan makes is at the target: an earlier run of the plan made it. */
const isUploaded = async (live: LiveContext, to: TargetArgument, { id, target }: Plan): Promise<boolean> => {
  if (to.kind === 'file' || target.kind === 'file' || target.by !== 'upload') return false
  const source = await openSource(live, resolveTarget(live, to.cloud))
  return E.isRight(await source.get(imageIdOf(id, 0), { signal: live.signal })())
}

/** Bytes that a plan sends to its target; `null`: not known. */
const sentBy = ({ steps }: Plan): number | null => steps.find(({ step }) => step === 'upload')?.bytes ?? null

/** Whether later plans have less room by this one. */
const takesQuota = async (
  live: LiveContext,
  to: TargetArgument,
  plan: Plan,
  { limits }: Extract<MoveTarget, { readonly kind: 'cloud' }>,
): Promise<boolean> => {
  const hasQuota = (limits?.bytes?.limit ?? null) !== null || (limits?.images?.limit ?? null) !== null
  return hasQuota && !(await isUploaded(live, to, plan))
}

/** Makes plans one after another. Each is told what those before it take of the target's quotas. */
export const createPlanner = (
  live: LiveContext,
  to: TargetArgument,
): ((source: MoveSource, target: MoveTarget, wishes: MoveWishes) => Promise<Plan>) => {
  let planned: PlannedUse = { bytes: 0, images: 0 }
  const ids = new Set<string>()
  return async (source, target, wishes) => {
    if (target.kind === 'file') return planMove(source, target, wishes)
    const plan = planMove(source, { ...target, planned }, wishes)
    if (isBlockedByQuota(plan)) {
      const made = planMove(source, { ...target, isThere: true }, wishes)
      // Planned again, it makes no second image.
      return ids.has(made.id) || (await isUploaded(live, to, made)) ? made : plan
    }
    if (blockersOf(plan).length === 0 && !ids.has(plan.id) && (await takesQuota(live, to, plan, target)))
      planned = { bytes: planned.bytes + (sentBy(plan) ?? 0), images: planned.images + 1 }
    ids.add(plan.id)
    return plan
  }
}
