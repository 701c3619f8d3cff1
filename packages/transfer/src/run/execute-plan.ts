import { rejected, type ImageError } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import type { TransferOutcome } from '../journal/outcome.ts'
import { isPacked } from '../plan/format.ts'
import { checkOutcome } from './check-outcome.ts'
import { deleteOrphans } from './clean-up.ts'
import { TRANSFER_SITE, type RunContext } from './context.ts'
import { fetchImage } from './fetch-image.ts'
import { satisfies } from './levels.ts'
import { recheckBeforeUpload, recheckPlan } from './recheck-plan.ts'
import { sendToCloud } from './send-to-cloud.ts'
import { findSizeToSend, sendWhileFetching } from './send-while-fetching.ts'
import { checkUnchanged } from './source-bytes.ts'
import { describeSourceCheck } from './source-check.ts'
import { acceptedLevel } from './verify.ts'
import { writeTargetFile, findObstacle } from './write-target-file.ts'
import { refuseSameSource } from './wrong-source.ts'

/** Fetches, sends and verifies the image, or continues where an earlier process stopped. */
export const executePlan = async (context: RunContext): Promise<E.Either<ImageError, TransferOutcome>> => {
  const { plan, options, journal, run } = context
  const { source, target } = plan
  const wrong = await refuseSameSource(context)
  if (E.isLeft(wrong)) return wrong
  const { step, outcome } = journal.state()
  if (outcome !== null) {
    const there = await checkOutcome(context, outcome)
    if (E.isLeft(there)) return there
    if (there.right !== null) return E.right(there.right)
    await journal.note({ entry: 'started', plan })
  }
  if (step === null || outcome !== null) {
    const same = await checkUnchanged(context, true)
    if (E.isLeft(same)) return same
    const open = await recheckPlan(context, same.right)
    if (E.isLeft(open)) return open
  }
  // A killed process leaves the temporary server that the download used.
  if (step === 'download' && outcome === null && source.kind === 'image' && !source.exact) {
    const cloud = await options.openSource(source.ref)()
    if (E.isRight(cloud)) await deleteOrphans(context, cloud.right)
  }
  if (target.kind === 'file') {
    const { format } = plan
    const isUntouched = !format.convert && !isPacked(format) && (source.kind !== 'image' || source.exact)
    const obstacle = await findObstacle(context, target.path, isUntouched ? source.size : null)
    if (obstacle !== null) return E.left(obstacle)
    const staged = await fetchImage(context)
    if (E.isLeft(staged)) return staged
    const stored = await writeTargetFile(context, staged.right, target.path)
    if (E.isLeft(stored)) return stored
    await journal.note({ entry: 'verified', level: stored.right.level })
    const { size, digests } = staged.right.ready
    return E.right({
      run,
      created: { kind: 'file', path: target.path },
      size,
      digests,
      source: describeSourceCheck(plan),
      verified: stored.right.level,
      adopted: stored.right.adopted,
      warnings: [],
    })
  }
  const cloud = await options.openSource(target.cloud)()
  if (E.isLeft(cloud)) return cloud
  const required = acceptedLevel(plan, options.accept)
  if (!satisfies(plan.verification, required) && cloud.right.download === undefined) {
    return E.left(
      rejected(TRANSFER_SITE, {
        what: `the target can be verified by ${plan.verification} at best, and ${required} is required`,
        hint: `Accept the verification level ${plan.verification}`,
        changes: [{ parameter: 'accept', values: [plan.verification] }],
      }),
    )
  }
  const size = findSizeToSend(plan, cloud.right, context.minOverlappedBytes)
  if (size !== null && journal.state().ready.source === undefined) {
    const open = await recheckBeforeUpload(context, cloud.right, size)
    return E.isLeft(open) ? open : sendWhileFetching(context, cloud.right, size)
  }
  const staged = await fetchImage(context)
  if (E.isLeft(staged)) return staged
  // The size of a file in place was known when the run started.
  const open = staged.right.inPlace
    ? E.right(undefined)
    : await recheckBeforeUpload(context, cloud.right, staged.right.ready.size)
  return E.isLeft(open) ? open : sendToCloud(context, cloud.right, target.by, staged.right)
}
