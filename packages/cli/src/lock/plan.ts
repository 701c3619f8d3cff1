import {
  cloudKey,
  cloudsToObserve,
  planLock,
  type LockPlan,
  type LockProblem,
  type LockRequest,
  type Update,
  type WantedImages,
} from '@imago/lock'
import type { ImageError } from '@imago/core'
import { formatCloud } from '@imago/provider-kit'
import { EXIT, type ExitCode } from '../exit-code.ts'
import type { LiveContext } from '../live.ts'
import { errorToExitCode, formatReasonLine, mergeExitCodes } from '../live-problem.ts'
import { printLines, printMessage } from '../message.ts'
import { isoNow } from './now.ts'
import { observeCloud } from './observe-cloud.ts'
import type { StoredLock } from './lock-store.ts'
import { candidateLine } from './resolution-text.ts'
import { resolveWantedTargets } from './targets.ts'

/** A planned lock, and the errors of clouds that could not be read, by `cloudKey`. */
export interface PlannedLock {
  readonly plan: LockPlan
  readonly errors: ReadonlyMap<string, ImageError>
}

/** Plans the lock of the wanted images. Lists only the clouds that it needs, concurrently. */
export const createLockPlan = async (
  live: LiveContext,
  wanted: WantedImages,
  { lock }: StoredLock,
  update: Update,
): Promise<PlannedLock> => {
  const { targets, clouds } = resolveWantedTargets(wanted, live)
  const request: LockRequest = { targets, deny: wanted.deny, lock, update }
  const needed = cloudsToObserve(request).flatMap((cloud) => clouds.get(cloudKey(cloud)) ?? [])
  const seen = await Promise.all(needed.map((cloud) => observeCloud(live, cloud)))
  const observations = new Map(seen.map(({ observed }) => [cloudKey(observed.cloud), observed]))
  const errors = seen.flatMap(({ observed, error }) =>
    error === null ? [] : [[cloudKey(observed.cloud), error] as const],
  )
  return { plan: planLock(request, observations, isoNow(live)), errors: new Map(errors) }
}

/** The maximum number of refused images shown for each want. */
const MAX_REFUSED_IMAGES = 5

const explainProblem = (
  problem: LockProblem,
  errors: PlannedLock['errors'],
): { readonly text: string; readonly lines: readonly string[]; readonly code: ExitCode } => {
  const { image, cloud } = problem.target
  const where = `${image} on ${formatCloud(cloud)}`
  if (problem.kind === 'incomplete') {
    const error = errors.get(cloudKey(cloud))
    return error === undefined
      ? {
          text: `${where}: not all images could be read: ${problem.reason ?? 'unknown reason'}`,
          lines: [],
          code: EXIT.error,
        }
      : { text: `${where}: ${formatReasonLine(error)}`, lines: [], code: errorToExitCode(error) }
  }
  const { resolution } = problem
  if (resolution.outcome === 'ambiguous') {
    const hint =
      resolution.differ[0] === 'identity'
        ? 'Name one, or add pick: newest'
        : `They differ in: ${resolution.differ.join(', ')}. Make the requirement more specific, restrict trust or kind, or name one image by its ID`
    const lines = resolution.candidates.filter((one) => resolution.images.includes(one.image)).map(candidateLine)
    return { text: `${where}: several images match. ${hint}:`, lines, code: EXIT.notFound }
  }
  const { candidates } = resolution
  if (candidates.length === 0) return { text: `${where}: no image matches`, lines: [], code: EXIT.notFound }
  const more = candidates.length - MAX_REFUSED_IMAGES
  return {
    text: `${where}: no image can be used. Refused:`,
    lines: [...candidates.slice(0, MAX_REFUSED_IMAGES).map(candidateLine), ...(more > 0 ? [`and ${more} more`] : [])],
    code: EXIT.notFound,
  }
}

/** Reports why a lock is incomplete. Returns the exit code. */
export const reportProblems = ({ messages }: LiveContext, { plan, errors }: PlannedLock): ExitCode => {
  const codes = plan.problems.map((problem) => {
    const { text, lines, code } = explainProblem(problem, errors)
    printMessage(messages, `imago: ${text}`)
    printLines(messages, lines.length === 0 ? null : lines.join('\n'))
    return code
  })
  return mergeExitCodes(codes)
}
