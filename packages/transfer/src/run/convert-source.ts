import { stat } from 'node:fs/promises'
import { integrityFailed, rejected, type ImageError } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import type { Ready } from '../journal/entry.ts'
import { beginStep, TRANSFER_SITE, type RunContext } from './context.ts'
import { toRunError, fileBytes } from './file-bytes.ts'
import { createMeter, measure } from './meter.ts'
import { selectAlgorithms } from './stage-bytes.ts'
import { readTargetDigests } from './staged-digests.ts'
import type { StagedImage } from './staged-image.ts'

export const convertSource = async (
  context: RunContext,
  from: StagedImage,
): Promise<E.Either<ImageError, StagedImage>> => {
  const { plan, spool, run, tools, signal, journal, emit } = context
  const { from: format, to } = plan.format
  if (format === null || to === null)
    return E.left(rejected(TRANSFER_SITE, { what: 'the formats of the conversion are unknown' }))
  await spool.prepare(run)
  await spool.discard(run, 'converted')
  const refused =
    to === 'raw' && from.ready.virtualSize !== null ? await spool.refusal(run, from.ready.virtualSize) : null
  if (refused !== null) return E.left(refused)
  await beginStep(context, 'convert', 0, to === 'raw' ? from.ready.virtualSize : null)
  const path = spool.partPath(run, 'converted')
  const made = await tools.convert({
    from: { path: from.path, format },
    to: { path, format: to },
    virtualSize: from.ready.virtualSize,
    site: TRANSFER_SITE,
    signal,
  })()
  if (E.isLeft(made)) {
    await spool.discard(run, 'converted')
    return made
  }
  try {
    const { size } = await stat(path)
    const algorithms = selectAlgorithms([], await readTargetDigests(context))
    const opened = await fileBytes(path, size, TRANSFER_SITE).open(undefined, signal)()
    if (E.isLeft(opened)) return opened
    const measured = await measure(opened.right, createMeter(algorithms, size, tools))
    const wrong = tools.checkSafety(TRANSFER_SITE, measured.inspection, to)
    const short = to === 'raw' && from.ready.virtualSize !== null && measured.size < from.ready.virtualSize
    const failure =
      wrong ??
      (short
        ? integrityFailed(TRANSFER_SITE, {
            what: 'the converted disk is shorter than the disk of the source',
            expected: `${from.ready.virtualSize ?? 0} bytes`,
            actual: `${measured.size} bytes`,
          })
        : null)
    if (failure !== null) {
      await spool.discard(run, 'converted')
      return E.left(failure)
    }
    const ready: Ready = {
      size: measured.size,
      digests: measured.digests,
      virtualSize: measured.inspection.virtualSize,
      declared: false,
    }
    await spool.settle(run, 'converted')
    await journal.note({ entry: 'ready', item: 'converted', ready })
    emit({ event: 'step-done', step: 'convert', bytes: measured.size })
    return E.right({ path: spool.readyPath(run, 'converted'), ready, inPlace: false })
  } catch (thrown) {
    return E.left(toRunError(TRANSFER_SITE, thrown))
  }
}
