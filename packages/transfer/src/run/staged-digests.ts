import type { ImageError } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import type { Ready } from '../journal/entry.ts'
import { TRANSFER_SITE, type RunContext } from './context.ts'
import { toRunError, fileBytes } from './file-bytes.ts'
import { createMeter, measure } from './meter.ts'
import { selectAlgorithms } from './stage-bytes.ts'
import type { StagedImage } from './staged-image.ts'

/** The digest algorithms that the target is likely to report. */
export const readTargetDigests = async ({ plan, options }: RunContext): Promise<readonly string[]> => {
  if (plan.target.kind === 'file') return []
  const source = await options.openSource(plan.target.cloud)()
  return E.isLeft(source) ? [] : source.right.capabilities.digests
}

/** Adds the digests of the sent bytes: those computed during the upload, or computed now if another process sent them. */
export const addDigests = async (
  context: RunContext,
  staged: StagedImage,
): Promise<E.Either<ImageError, StagedImage>> => {
  const { journal, tools, signal } = context
  const hasDigests = ({ digests }: Ready): boolean => Object.keys(digests).length > 0
  if (hasDigests(staged.ready)) return E.right(staged)
  const noted = journal.state().ready.source
  if (noted !== undefined && hasDigests(noted)) return E.right({ ...staged, ready: noted })
  const { size } = staged.ready
  const algorithms = selectAlgorithms([], await readTargetDigests(context))
  const opened = await fileBytes(staged.path, size, TRANSFER_SITE).open(undefined, signal)()
  if (E.isLeft(opened)) return opened
  try {
    const { digests } = await measure(opened.right, createMeter(algorithms, size, tools))
    return E.right({ ...staged, ready: { ...staged.ready, digests } })
  } catch (thrown) {
    return E.left(toRunError(TRANSFER_SITE, thrown))
  }
}
