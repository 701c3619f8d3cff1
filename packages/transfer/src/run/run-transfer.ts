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
  'The source has not changed since, so it was not read again: make it whole, or make a new plan of another'

const wrongSourceIn = (error: ImageError, version: string | null): { readonly wrongSource?: WrongSource } =>
  error._tag === 'IntegrityFailed' && error.remedy === 'new-source'
    ? { wrongSource: { version, expected: error.expected, actual: error.actual } }
    : {}

/** What a run stands on, beside what its caller says. */
export interface RunServices {
  readonly tools: RunTools
  readonly spool: Spool
  readonly processes?: Processes | undefined
  /** Stands between a run and its journal, to see what becomes of a run that ends anywhere. */
  readonly wrapJournal?: ((journal: Journal) => Journal) | undefined
}

/** Whether the bytes of a file are those of which `digests` were computed. */
const hasDigest = async (path: string, size: number, digests: TransferOutcome['digests']): Promise<boolean> => {
  const algorithm = selectAlgorithm(Object.keys(digests))
  const opened = await fileBytes(path, size, TRANSFER_SITE).open()()
  return (
    E.isRight(opened) && (await computeDigest(opened.right, algorithm).catch(() => null))?.digest === digests[algorithm]
  )
}

/** The outcome of a run that was done, if what it made is still there. `Conflict`: a file that is another by now, or an image that is not the run's. */
const stillThere = async (
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
    // A disk that was booted, or mounted, is as long as before.
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
        what: `the journal of this run names image ${created.ref.id}, which is not taken for its result: ${foreign.right.why}`,
        hint: `Look at the image; drop the run by imago resume --forget ${context.run}`,
      }),
    )
  }
  return E.right(known)
}

/** What was verified and no longer is what it was, is not used again. */
const recheck = async (
  { journal, spool, run, plan }: RunContext,
  { path, ready, inPlace }: StagedImage,
): Promise<void> => {
  if (await hasDigest(path, ready.size, ready.digests)) return
  const item = plan.format.convert ? 'converted' : isPacked(plan.format) ? 'disk' : 'source'
  await journal.note({ entry: 'discarded', item })
  if (!inPlace) await spool.discard(run, item)
}

const intoCloud = async (
  context: RunContext,
  target: ImageSource,
  by: 'upload' | 'createFromBytes',
  cargo: StagedImage,
): Promise<E.Either<ImageError, TransferOutcome>> => {
  const { options, run } = context
  const delivered = await (by === 'upload'
    ? uploadImage(context, target, cargo)
    : createFromDisk(context, target, cargo))
  if (E.isLeft(delivered)) {
    if (delivered.left._tag === 'IntegrityFailed') await recheck(context, cargo)
    return delivered
  }
  const { image, adopted } = delivered.right
  const known = await addDigests(context, cargo)
  if (E.isLeft(known)) return known
  const { size, digests } = known.right.ready
  const level = await verifyImage(context, target, delivered.right, known.right)
  if (E.isLeft(level)) {
    if (level.left._tag === 'IntegrityFailed') {
      await recheck(context, known.right)
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

/** Wrong bytes are not fetched again from a source that is still the same: they would be as wrong. */
const stillWrong = async (context: RunContext): Promise<E.Either<ImageError, void>> => {
  const { wrongSource } = context.journal.state()
  if (wrongSource === null || wrongSource.version === null) return E.right(undefined)
  const now = await readSourceVersion(context)
  if (E.isLeft(now)) return now
  if (now.right !== wrongSource.version) {
    context.emit({
      event: 'note',
      what: 'the source has changed since its bytes were found to be wrong: it is read again',
    })
    return E.right(undefined)
  }
  const { what, expected, actual } = wrongSource
  return E.left(integrityFailed(TRANSFER_SITE, { what, expected, actual, hint: SAME_SOURCE, remedy: 'new-source' }))
}

const carryOut = async (context: RunContext): Promise<E.Either<ImageError, TransferOutcome>> => {
  const { plan, options, journal, run } = context
  const { source, target } = plan
  const wrong = await stillWrong(context)
  if (E.isLeft(wrong)) return wrong
  const { step, outcome } = journal.state()
  if (outcome !== null) {
    const there = await stillThere(context, outcome)
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
  // Where an image is read by a helping server, a process that was killed has left one.
  if (step === 'download' && outcome === null && source.kind === 'image' && !source.exact) {
    const cloud = await options.openSource(source.ref)()
    if (E.isRight(cloud)) await deleteOrphans(context, cloud.right)
  }
  if (target.kind === 'file') {
    const { format } = plan
    const isUntouched = !format.convert && !isPacked(format) && (source.kind !== 'image' || source.exact)
    const obstacle = await findObstacle(context, target.path, isUntouched ? source.size : null)
    if (obstacle !== null) return E.left(obstacle)
    const cargo = await fetchImage(context)
    if (E.isLeft(cargo)) return cargo
    const stored = await writeTargetFile(context, cargo.right, target.path)
    if (E.isLeft(stored)) return stored
    await journal.note({ entry: 'verified', level: stored.right.level })
    const { size, digests } = cargo.right.ready
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
  const asked = acceptedLevel(plan, options.accept)
  if (!satisfies(plan.verification, asked) && cloud.right.download === undefined) {
    return E.left(
      rejected(TRANSFER_SITE, {
        what: `${plan.verification} is the best that can be known of what the target holds`,
        hint: `Accept it by --accept ${plan.verification}`,
      }),
    )
  }
  const cargo = await fetchImage(context)
  if (E.isLeft(cargo)) return cargo
  // The size of a file that is sent as it is was known when the run began.
  const open = cargo.right.inPlace
    ? E.right(undefined)
    : await recheckBeforeUpload(context, cloud.right, cargo.right.ready.size)
  return E.isLeft(open) ? open : intoCloud(context, cloud.right, target.by, cargo.right)
}

/** Why a plan is not even begun; `null`: nothing is in its way. */
const refusalOf = (plan: Plan): ImageError | null => {
  const [blocker] = findBlockers(plan)
  return blocker === undefined
    ? null
    : rejected(TRANSFER_SITE, { what: blocker.what, hint: blocker.hint, blockedBy: blocker.check })
}

/**
 * Carries a plan out, or goes on with a run of one: at most one at a time for each plan. Whatever happens, the journal says how far it came.
 */
export const runTransfer = async (
  which: Plan | string,
  options: RunOptions,
  { tools, spool, processes, wrapJournal = (journal) => journal }: RunServices,
): Promise<E.Either<ImageError, TransferOutcome>> => {
  if (typeof which !== 'string') {
    const read = readPlan(which)
    if (E.isLeft(read)) return read
    const blocked = refusalOf(read.right)
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
    const tell: RunContext['emit'] = (event) => options.onEvent?.({ ...event, run, at: now() } as TransferEvent)
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
      emit: tell,
    }
    try {
      const blocked = refusalOf(plan)
      const answer =
        blocked === null
          ? await carryOut(context).catch((thrown: unknown) =>
              E.left<ImageError, TransferOutcome>(toRunError(TRANSFER_SITE, thrown)),
            )
          : E.left(blocked)
      if (E.isRight(answer)) {
        if (journal.state().outcome === null) await journal.note({ entry: 'done', outcome: answer.right })
        await spool.remove(run)
        tell({ event: 'done', outcome: answer.right })
      } else {
        const resumable = isResumable(answer.left)
        // What was brought here is wrong, was made of what is, or is of no use to the plan that must follow: that is another run.
        if (answer.left.remedy === 'new-source' || answer.left.remedy === 'new-plan') await spool.remove(run)
        await journal.note({
          entry: 'failed',
          error: answer.left._tag,
          what: answer.left.what,
          isFinal: !resumable,
          ...wrongSourceIn(answer.left, journal.state().seen),
        })
        tell({ event: 'failed', reason: formatError(answer.left), resumable })
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
