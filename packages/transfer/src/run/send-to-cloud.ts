import type { ImageError, ImageSource } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import type { TransferOutcome } from '../journal/outcome.ts'
import { isPacked } from '../plan/format.ts'
import { hasDigest } from './check-outcome.ts'
import { deleteUnfinished } from './clean-up.ts'
import type { RunContext } from './context.ts'
import { createFromDisk } from './create-from-disk.ts'
import { addDigests } from './staged-digests.ts'
import type { StagedImage } from './staged-image.ts'
import { finish } from './finish.ts'
import { prepareUpload } from './prepare-upload.ts'
import { describeSourceCheck } from './source-check.ts'
import { uploadImage } from './upload-image.ts'
import type { UploadedImage } from './uploaded-image.ts'
import { verifyImage } from './verify.ts'

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

/** Sends staged bytes. */
const sendStaged = (
  context: RunContext,
  target: ImageSource,
  by: 'upload' | 'createFromBytes',
  staged: StagedImage,
): Promise<E.Either<ImageError, UploadedImage>> =>
  by === 'upload'
    ? uploadImage(context, target, {
        size: staged.ready.size,
        prepare: () => prepareUpload(context, staged, target.capabilities),
        attempts: context.retry.attempts,
      })
    : createFromDisk(context, target, staged)

/** Verifies what was sent, and applies the final settings. */
export const concludeUpload = async (
  context: RunContext,
  target: ImageSource,
  staged: StagedImage,
  uploaded: E.Either<ImageError, UploadedImage>,
): Promise<E.Either<ImageError, TransferOutcome>> => {
  const { options, run } = context
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

export const sendToCloud = async (
  context: RunContext,
  target: ImageSource,
  by: 'upload' | 'createFromBytes',
  staged: StagedImage,
): Promise<E.Either<ImageError, TransferOutcome>> =>
  concludeUpload(context, target, staged, await sendStaged(context, target, by, staged))
