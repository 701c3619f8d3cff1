import { stat } from 'node:fs/promises'
import { toInstant } from '@imago/codec'
import { conflict, integrityFailed, formatError, rejected, type ImageError, type ImageSource } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import type { WrongSource } from '../journal/entry.ts'
import { openJournal, type Journal } from '../journal/journal.ts'
import type { Processes } from '../journal/process-identity.ts'
import { isPacked } from '../plan/format.ts'
import { findBlockers } from '../plan/plan-transfer.ts'
import type { Plan } from '../plan/plan.ts'
import { readPlan } from '../plan/read-plan.ts'
import type { Spool } from '../spool/spool.ts'
import { recheckBeforeUpload, recheckPlan } from './recheck-plan.ts'
import { deleteOrphans, deleteUnfinished } from './clean-up.ts'
import { TRANSFER_SITE, type RunContext } from './context.ts'
import { createFromDisk } from './create-from-disk.ts'
import { writeTargetFile, targetExists, findObstacle } from './write-target-file.ts'
import { uploadImage } from './upload-image.ts'
import { computeDigest, toRunError, fileBytes } from './file-bytes.ts'
import { finish } from './finish.ts'
import { satisfies } from './levels.ts'
import { canHoldRunTag } from './run-tags.ts'
import { selectAlgorithm } from './meter.ts'
import { fetchImage, addDigests, type StagedImage } from './fetch-image.ts'
import type { RunOptions } from './options.ts'
import type { TransferOutcome } from '../journal/outcome.ts'
import type { TransferEvent } from './transfer-event.ts'
import { findForeignReason } from './own-image.ts'
import { isResumable } from './resumable.ts'
import { readSourceVersion, checkUnchanged } from './source-bytes.ts'
import { describeSourceCheck } from './source-check.ts'
import { REAL_TIMING, DEFAULT_RETRY } from './timing.ts'
import type { RunTools } from './tools.ts'
import { acceptedLevel, verifyImage } from './verify.ts'

const SAME_SOURCE =
  'The source has not changed since, so it was not read again. Repair it, or create a new plan with another source'

const findWrongSource = (error: ImageError, version: string | null): { readonly wrongSource?: WrongSource } =>
  error._tag === 'IntegrityFailed' && error.remedy === 'new-source'
    ? { wrongSource: { version, expected: error.expected, actual: error.actual } }
    : {}

/** Services of a run that are not options of its caller. */
export interface RunServices {
  readonly tools: RunTools
  readonly spool: Spool
  readonly processes?: Processes | undefined
  /** Wraps the journal, so that tests can interrupt a run anywhere. */
  readonly wrapJournal?: ((journal: Journal) => Journal) | undefined
}

/** Whether the bytes of a file still have the digest. */
const hasDigest = async (path: string, size: number, digests: TransferOutcome['digests']): Promise<boolean> => {
  const algorithm = selectAlgorithm(Object.keys(digests))
  const opened = await fileBytes(path, size, TRANSFER_SITE).open()()
  return (
    E.isRight(opened) && (await computeDigest(opened.right, algorithm).catch(() => null))?.digest === digests[algorithm]
  )
}

/** The outcome of a finished run, if its result still exists. `Conflict`: the file has changed, or the image is not the run's. */
const checkOutcome = async (
  context: RunContext,
  outcome: TransferOutcome,
): Promise<E.Either<ImageError, TransferOutcome | null>> => {
  const { created } = outcome
  const known: TransferOutcome = { ...outcome, source: describeSourceCheck(context.plan), adopted: true }
  if (created.kind === 'file') {
    const size = await stat(created.path).then(
      ({ size }) => size,
      () => null,
    )
    if (size !== outcome.size) return E.right(null)
    // A disk that was booted or mounted has the same size.
    return (await hasDigest(created.path, size, outcome.digests)) ? E.right(known) : E.left(targetExists(created.path))
  }
  const source = await context.options.openSource(created.ref)()
  if (E.isLeft(source)) return source
  const found = await source.right.get(created.ref.id, { signal: context.signal })()
  if (E.isLeft(found)) return found.left._tag === 'NotFound' ? E.right(null) : found
  if (found.right.status !== 'available') return E.right(null)
  const foreign = await findForeignReason(context.run, source.right, found.right, { signal: context.signal })
  if (E.isLeft(foreign)) return foreign
  if (foreign.right?.kind === 'foreign' || (foreign.right !== null && canHoldRunTag(source.right.capabilities))) {
    return E.left(
      conflict(TRANSFER_SITE, {
        what: `image ${created.ref.id} in the journal of this run is not used: ${foreign.right.reason}`,
        hint: 'Inspect the image, then discard the run',
        remedy: 'discard-run',
      }),
    )
  }
  return E.right(known)
}

/** Discards staged bytes that have changed since they were verified. */
const recheckStaged = async (
  { journal, spool, run, plan }: RunContext,
  { path, ready, inPlace }: StagedImage,
): Promise<void> => {
  if (await hasDigest(path, ready.size, ready.digests)) return
  const item = plan.format.convert ? 'converted' : isPacked(plan.format) ? 'disk' : 'source'
  await journal.note({ entry: 'discarded', item })
  if (!inPlace) await spool.discard(run, item)
}

const sendToCloud = async (
  context: RunContext,
  target: ImageSource,
  by: 'upload' | 'createFromBytes',
  staged: StagedImage,
): Promise<E.Either<ImageError, TransferOutcome>> => {
  const { options, run } = context
  const uploaded = await (by === 'upload'
    ? uploadImage(context, target, staged)
    : createFromDisk(context, target, staged))
  if (E.isLeft(uploaded)) {
    if (uploaded.left._tag === 'IntegrityFailed') await recheckStaged(context, staged)
    return uploaded
  }
  const { image, adopted } = uploaded.right
  const known = await addDigests(context, staged)
  if (E.isLeft(known)) return known
  const { size, digests } = known.right.ready
  const level = await verifyImage(context, target, uploaded.right, known.right)
  if (E.isLeft(level)) {
    if (level.left._tag === 'IntegrityFailed') {
      await recheckStaged(context, known.right)
      if (options.keepFailed !== true) await deleteUnfinished(context, target, image.ref.id)
    }
    return level
  }
  const warnings = await finish(context, target, image)
  if (E.isLeft(warnings)) return warnings
  return E.right({
    run,
    created: { kind: 'image', ref: image.ref },
    size,
    digests,
    source: describeSourceCheck(context.plan),
    verified: level.right,
    adopted,
    warnings: warnings.right,
  })
}

/** Refuses to fetch wrong bytes again from a source that has not changed. */
const refuseSameSource = async (context: RunContext): Promise<E.Either<ImageError, void>> => {
  const { wrongSource } = context.journal.state()
  if (wrongSource === null || wrongSource.version === null) return E.right(undefined)
  const now = await readSourceVersion(context)
  if (E.isLeft(now)) return now
  if (now.right !== wrongSource.version) {
    context.emit({
      event: 'note',
      what: 'the source has changed since its bytes were found to be wrong: reading it again',
    })
    return E.right(undefined)
  }
  const { what, expected, actual } = wrongSource
  return E.left(integrityFailed(TRANSFER_SITE, { what, expected, actual, hint: SAME_SOURCE, remedy: 'new-source' }))
}

const execute = async (context: RunContext): Promise<E.Either<ImageError, TransferOutcome>> => {
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
  const staged = await fetchImage(context)
  if (E.isLeft(staged)) return staged
  // The size of a file in place was known when the run started.
  const open = staged.right.inPlace
    ? E.right(undefined)
    : await recheckBeforeUpload(context, cloud.right, staged.right.ready.size)
  return E.isLeft(open) ? open : sendToCloud(context, cloud.right, target.by, staged.right)
}

/** The error for a plan with a blocking check; `null`: none. */
const findRefusal = (plan: Plan): ImageError | null => {
  const [blocker] = findBlockers(plan)
  return blocker === undefined
    ? null
    : rejected(TRANSFER_SITE, {
        what: blocker.what,
        hint: blocker.hint,
        changes: blocker.changes,
        blockedBy: blocker.check,
      })
}

/**
 * Runs a plan, or continues a run. Each plan runs at most once at a time. The journal records its progress.
 */
export const runTransfer = async (
  which: Plan | string,
  options: RunOptions,
  { tools, spool, processes, wrapJournal = (journal) => journal }: RunServices,
): Promise<E.Either<ImageError, TransferOutcome>> => {
  if (typeof which !== 'string') {
    const read = readPlan(which)
    if (E.isLeft(read)) return read
    const blocked = findRefusal(read.right)
    if (blocked !== null) return E.left(blocked)
  }
  const timing = options.timing ?? REAL_TIMING
  const now = (): string => {
    const iso = new Date(timing.clock()).toISOString()
    return toInstant(iso) ?? iso
  }
  try {
    const opened = await openJournal(which, { dir: options.journalDir, site: TRANSFER_SITE, now, processes })
    if (E.isLeft(opened)) return opened
    const journal = wrapJournal(opened.right)
    const { plan } = journal.state()
    const run = plan.id
    const emit: RunContext['emit'] = (event) => options.onEvent?.({ ...event, run, at: now() } as TransferEvent)
    const context: RunContext = {
      run,
      plan,
      options,
      journal,
      spool,
      tools,
      timing,
      retry: options.retry ?? DEFAULT_RETRY,
      signal: options.signal,
      emit,
    }
    try {
      const blocked = findRefusal(plan)
      const answer =
        blocked === null
          ? await execute(context).catch((thrown: unknown) =>
              E.left<ImageError, TransferOutcome>(toRunError(TRANSFER_SITE, thrown)),
            )
          : E.left(blocked)
      if (E.isRight(answer)) {
        if (journal.state().outcome === null) await journal.note({ entry: 'done', outcome: answer.right })
        await spool.remove(run)
        emit({ event: 'done', outcome: answer.right })
      } else {
        const resumable = isResumable(answer.left)
        // The staged bytes are wrong, or useless for the new plan, which is another run.
        if (answer.left.remedy === 'new-source' || answer.left.remedy === 'new-plan') await spool.remove(run)
        await journal.note({
          entry: 'failed',
          error: answer.left._tag,
          what: answer.left.what,
          isFinal: !resumable,
          ...findWrongSource(answer.left, journal.state().sourceVersion),
        })
        emit({ event: 'failed', reason: formatError(answer.left), resumable })
      }
      return answer
    } finally {
      spool.release(run)
      await journal.close()
    }
  } catch (thrown) {
    return E.left(toRunError(TRANSFER_SITE, thrown))
  }
}
