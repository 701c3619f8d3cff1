import { stat } from 'node:fs/promises'
import { conflict, type ImageError } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import type { TransferOutcome } from '../journal/outcome.ts'
import { TRANSFER_SITE, type RunContext } from './context.ts'
import { computeDigest, fileBytes } from './file-bytes.ts'
import { selectAlgorithm } from './meter.ts'
import { findForeignReason } from './own-image.ts'
import { canHoldRunTag } from './run-tags.ts'
import { describeSourceCheck } from './source-check.ts'
import { targetExists } from './write-target-file.ts'

/** Whether the bytes of a file still have the digest. */
export const hasDigest = async (path: string, size: number, digests: TransferOutcome['digests']): Promise<boolean> => {
  const algorithm = selectAlgorithm(Object.keys(digests))
  const opened = await fileBytes(path, size, TRANSFER_SITE).open()()
  return (
    E.isRight(opened) && (await computeDigest(opened.right, algorithm).catch(() => null))?.digest === digests[algorithm]
  )
}

/** The outcome of a finished run, if its result still exists. `Conflict`: the file has changed, or the image is not the run's. */
export const checkOutcome = async (
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
