import { stat } from 'node:fs/promises'
import type { ImageError } from '@imago/core'
import { inspectFile } from '@imago/inspect'
import * as E from 'fp-ts/lib/Either.js'
import type { Ready } from '../journal/entry.ts'
import { isPacked } from '../plan/format.ts'
import type { Plan } from '../plan/plan.ts'
import { checkDiskBytes, checkPackedBytes } from './check-staged-bytes.ts'
import { beginStep, TRANSFER_SITE, createProgress, type RunContext } from './context.ts'
import { toRunError, fileBytes } from './file-bytes.ts'
import { createMeter, HEAD_BYTES, measure, type Measured } from './meter.ts'
import { openSourceBytes, checkUnchanged } from './source-bytes.ts'
import { declaredDigests, expectedDigests, findExpectedMismatch } from './source-check.ts'
import { selectAlgorithms, stageBytes } from './stage-bytes.ts'
import type { StagedSender } from './stage-request.ts'
import { readTargetDigests } from './staged-digests.ts'
import { type StagedImage, isInPlace } from './staged-image.ts'

/** A file that is uploaded unchanged is hashed during the upload, unless digests of its publisher must be compared first. */
const isHashedWhileSent = (plan: Plan): boolean =>
  expectedDigests(plan.source).length === 0 &&
  isInPlace(plan) &&
  !isPacked(plan.format) &&
  plan.target.kind === 'cloud' &&
  plan.target.by === 'upload'

/** Measures a file. If it is hashed while it is sent, it is also inspected completely then: until then, its headers and tables suffice. */
const measureFile = async (
  context: RunContext,
  path: string,
  size: number,
  algorithms: readonly string[],
): Promise<E.Either<ImageError, Measured>> => {
  const { plan, tools, signal } = context
  const opened = await fileBytes(path, size, TRANSFER_SITE).open(
    isHashedWhileSent(plan) ? { start: 0, end: Math.min(size, HEAD_BYTES) } : undefined,
    signal,
  )()
  if (E.isLeft(opened)) return opened
  const measured = await measure(
    opened.right,
    createMeter(algorithms, size, tools),
    createProgress(context, 'inspect', size),
  )
  return E.right(isHashedWhileSent(plan) ? { ...measured, size, inspection: await inspectFile(path) } : measured)
}

const inspectInPlace = async (context: RunContext, path: string): Promise<E.Either<ImageError, StagedImage>> => {
  const { plan, journal, emit } = context
  const same = await checkUnchanged(context, false)
  if (E.isLeft(same)) return same
  const { size } = await stat(path)
  await beginStep(context, 'inspect', 0, size)
  const expected = expectedDigests(plan.source)
  const algorithms = isHashedWhileSent(plan) ? [] : selectAlgorithms([], await readTargetDigests(context), expected)
  const read = await measureFile(context, path, size, algorithms)
  if (E.isLeft(read)) return read
  const measured = read.right
  const wrong =
    findExpectedMismatch(TRANSFER_SITE, expected, measured) ??
    (await (isPacked(plan.format)
      ? checkPackedBytes(context)(measured)
      : checkDiskBytes(context, plan.format.from)(measured, path)))
  if (wrong !== null) return E.left(wrong)
  const ready: Ready = {
    size: measured.size,
    digests: measured.digests,
    virtualSize: measured.inspection.virtualSize,
    declared: expected.length > 0,
  }
  await journal.note({ entry: 'ready', item: 'source', ready })
  emit({ event: 'step-done', step: 'inspect', bytes: measured.size })
  return E.right({ path, ready, inPlace: true })
}

export const fetchSource = async (
  context: RunContext,
  sender: StagedSender | undefined,
): Promise<E.Either<ImageError, StagedImage>> => {
  const { plan, journal, spool, run } = context
  const { source, format } = plan
  if (isInPlace(plan) && source.kind === 'file') {
    try {
      return await inspectInPlace(context, source.path)
    } catch (thrown) {
      return E.left(toRunError(TRANSFER_SITE, thrown))
    }
  }
  const same = await checkUnchanged(context, false)
  if (E.isLeft(same)) return same
  const step = source.kind === 'file' ? 'inspect' : 'download'
  await journal.note({ entry: 'step', step })
  const digests = declaredDigests(source)
  const expected = expectedDigests(source)
  let contentType: string | null = null
  const ready = await stageBytes(
    context,
    {
      step,
      item: 'source',
      bytes: () => openSourceBytes(context, (type) => void (contentType = type)),
      size: source.kind === 'image' && !source.exact ? null : source.size,
      digests,
      expected,
      // Without an ETag or a digest, the rest may be of another file.
      resumable: source.kind !== 'url' || source.etag !== null || expected.length > 0,
      check: isPacked(format) ? checkPackedBytes(context) : checkDiskBytes(context, format.from, () => contentType),
      site: TRANSFER_SITE,
      sender,
    },
    selectAlgorithms(digests, await readTargetDigests(context), expected),
  )
  return E.map((done: Ready): StagedImage => {
    // What was sent meanwhile stays a part.
    const path =
      journal.state().ready.source === undefined ? spool.partPath(run, 'source') : spool.readyPath(run, 'source')
    return { path, ready: done, inPlace: false }
  })(ready)
}
