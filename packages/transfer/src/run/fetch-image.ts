import { stat } from 'node:fs/promises'
import { integrityFailed, rejected, type ImageError } from '@imago/core'
import { addContent, identifyContent, inspectFile, type Inspection } from '@imago/inspect'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { isTar } from '../archive/tar.ts'
import { checkContainer } from '../safety/check-container.ts'
import type { Ready, SpoolItem } from '../journal/entry.ts'
import { isPacked } from '../plan/format.ts'
import type { Plan } from '../plan/plan.ts'
import { beginStep, TRANSFER_SITE, createProgress, type RunContext } from './context.ts'
import { toRunError, fileBytes } from './file-bytes.ts'
import { createMeter, measure, type Measured } from './meter.ts'
import { selectAlgorithms, stageBytes } from './stage-bytes.ts'
import { markWrongSource, adviseNewPlan } from './resumable.ts'
import { openSourceBytes, checkUnchanged } from './source-bytes.ts'
import { declaredDigests, expectedDigests, findExpectedMismatch } from './source-check.ts'

/** Inspected and verified bytes on this machine, ready to be sent. */
export interface StagedImage {
  readonly path: string
  readonly ready: Ready
  /** The user's own file, which other programs may change. */
  readonly inPlace: boolean
}

/** A file is used in place, unless `qemu-img` opens it: no other program may change it between inspection and conversion. */
const isInPlace = ({ source, format }: Plan): boolean => source.kind === 'file' && (!format.convert || isPacked(format))

const listItems = ({ format }: Plan): readonly SpoolItem[] => [
  'source',
  ...(isPacked(format) ? ['disk' as const] : []),
  ...(format.convert ? ['converted' as const] : []),
]

/** The digest algorithms that the target is likely to report. */
const targetDigests = async ({ plan, options }: RunContext): Promise<readonly string[]> => {
  if (plan.target.kind === 'file') return []
  const source = await options.openSource(plan.target.cloud)()
  return E.isLeft(source) ? [] : source.right.capabilities.digests
}

/** A file that is uploaded unchanged is hashed during the upload, unless digests of its publisher must be compared first. */
const isHashedWhileSent = (plan: Plan): boolean =>
  expectedDigests(plan.source).length === 0 &&
  isInPlace(plan) &&
  !isPacked(plan.format) &&
  plan.target.kind === 'cloud' &&
  plan.target.by === 'upload'

/** Detects a web page or an API response in place of an image. */
const addContentType = ({ inspection, head }: Measured, contentType: string | null): Inspection => {
  const content =
    inspection.format === 'raw' && inspection.content === undefined ? identifyContent(head, contentType) : null
  return content === null ? inspection : addContent(inspection, content)
}

/** Formats without tables. */
const BARE: ReadonlySet<string> = new Set<Inspection['format']>(['raw', 'gpt', 'iso', 'luks'])

/** Follows the tables of a complete file to their end, with imago's inspector and qemu-img. */
const checkTables = async (
  { tools, signal, emit }: RunContext,
  inspection: Inspection,
  path: string,
): Promise<ImageError | null> => {
  if (BARE.has(inspection.format)) return null
  const { failures } = await inspectFile(path).catch(() => inspection)
  if (failures.length > 0) return tools.checkSafety(TRANSFER_SITE, { ...inspection, failures }, null)
  const checked = await tools.checkDisk({ path, format: inspection.format, site: TRANSFER_SITE, signal })()
  if (E.isLeft(checked)) return checked.left
  const { failure, unchecked } = checked.right
  if (unchecked !== null)
    emit({ event: 'note', what: `qemu-img could not check the ${inspection.format}: ${unchecked}` })
  if (failure === null) return null
  return tools.checkSafety(
    TRANSFER_SITE,
    failure.check === 'damaged' ? { ...inspection, doubts: [failure] } : { ...inspection, failures: [failure] },
    null,
  )
}

/** Why bytes are not a safe disk of the declared format; `null`: they are. `contentType`: reported by the server. `path`: the file whose tables are checked. */
export const checkDiskBytes =
  (context: RunContext, declared: string | null, contentType: () => string | null = () => null) =>
  async (measured: Measured, path: string | null): Promise<ImageError | null> => {
    const { tools, plan, options } = context
    const { container, compression: undone } = plan.format
    if (container !== undefined) return checkContainer(TRANSFER_SITE, container, measured, options.allow)
    const compression = tools.detectCompression(measured.head)
    // If the plan decompresses, bytes that are still compressed fail the inspection.
    if (compression !== null && undone === null && options.allow?.includes('not-a-disk') !== true)
      return rejected(TRANSFER_SITE, {
        what: `the source is compressed with ${compression}`,
        ...adviseNewPlan('with that compression', { parameter: 'compression', values: [compression] }),
      })
    const isEncrypted = plan.checks.some(({ check }) => check === 'encryption')
    const inspection = addContentType(measured, contentType())
    return (
      tools.checkSafety(TRANSFER_SITE, inspection, declared, {
        isEncrypted,
        isExtracted: plan.format.archive !== undefined,
      }) ?? (path === null ? null : await checkTables(context, inspection, path))
    )
  }

const notTar = rejected(TRANSFER_SITE, {
  what: 'the source is not a tar archive',
  ...adviseNewPlan('without extracting it', { parameter: 'archive', values: ['none'] }),
})

/** Why packed bytes are not what the plan expects; `null`: they are. An uncompressed archive must start with a header. */
const checkPackedBytes =
  ({ tools, plan }: RunContext) =>
  async (measured: Measured): Promise<ImageError | null> => {
    const compression = tools.detectCompression(measured.head)
    if (compression === plan.format.compression) return compression === null && !isTar(measured.head) ? notTar : null
    return rejected(TRANSFER_SITE, {
      what: `the source is ${compression === null ? 'not compressed' : `compressed with ${compression}`}, but the plan expects ${plan.format.compression ?? 'no compression'}`,
      ...adviseNewPlan('with the actual compression', { parameter: 'compression', values: [compression ?? 'none'] }),
    })
  }

/** The path that may be a second hard link of the staged file, if a process ended while it stored it. */
const findTwin = ({ target }: Plan): string | undefined => (target.kind === 'file' ? target.path : undefined)

/** The item, if it is staged and verified. */
const findStaged = async ({ journal, spool, run, plan }: RunContext, item: SpoolItem): Promise<StagedImage | null> => {
  const ready = journal.state().ready[item]
  if (ready === undefined && item === 'source' && isInPlace(plan)) return null
  if (ready === undefined) {
    // The process ended before its entry was written: the item is inspected again, not fetched.
    if ((await spool.sizeOf(run, item, 'ready', findTwin(plan))) !== null) await spool.unsettle(run, item)
    return null
  }
  if (item === 'source' && isInPlace(plan) && plan.source.kind === 'file')
    return { path: plan.source.path, ready, inPlace: true }
  if ((await spool.sizeOf(run, item, 'ready', findTwin(plan))) === ready.size)
    return { path: spool.readyPath(run, item), ready, inPlace: false }
  await journal.note({ entry: 'discarded', item })
  await spool.discard(run, item)
  return null
}

const inspectInPlace = async (context: RunContext, path: string): Promise<E.Either<ImageError, StagedImage>> => {
  const { plan, journal, tools, signal, emit } = context
  const same = await checkUnchanged(context, false)
  if (E.isLeft(same)) return same
  const { size } = await stat(path)
  await beginStep(context, 'inspect', 0, size)
  const expected = expectedDigests(plan.source)
  const algorithms = isHashedWhileSent(plan) ? [] : selectAlgorithms([], await targetDigests(context), expected)
  const opened = await fileBytes(path, size, TRANSFER_SITE).open(undefined, signal)()
  if (E.isLeft(opened)) return opened
  const measured = await measure(
    opened.right,
    createMeter(algorithms, size, tools),
    createProgress(context, 'inspect', size),
  )
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

const fetchSource = async (context: RunContext): Promise<E.Either<ImageError, StagedImage>> => {
  const { plan, spool, run } = context
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
  await context.journal.note({ entry: 'step', step })
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
    },
    selectAlgorithms(digests, await targetDigests(context), expected),
  )
  return E.map((done: Ready): StagedImage => ({ path: spool.readyPath(run, 'source'), ready: done, inPlace: false }))(
    ready,
  )
}

/** The most bytes of an unpacked disk: its declared size if it is raw, or the limit of the spool. */
const getUnpackLimit = ({ plan: { format }, options }: RunContext): number | null =>
  (format.from === 'raw' ? format.virtualSize : null) ?? options.spoolLimit ?? null

/** Decompresses the source, or extracts the disk from it, in one pass. */
const unpack = async (context: RunContext, from: StagedImage): Promise<E.Either<ImageError, StagedImage>> => {
  const { plan, spool, run, tools, emit } = context
  const { compression, archive } = plan.format
  const step = archive === undefined ? 'decompress' : 'extract'
  const packed = fileBytes(from.path, from.ready.size, TRANSFER_SITE)
  const limits = { most: getUnpackLimit(context) }
  const bytes =
    archive !== undefined
      ? tools.extract(
          packed,
          { ...archive, compression },
          { ...limits, note: (what) => emit({ event: 'note', what }) },
          TRANSFER_SITE,
        )
      : compression === null
        ? packed
        : tools.decompress(packed, compression, limits, TRANSFER_SITE)
  await context.journal.note({ entry: 'step', step })
  const ready = await stageBytes(
    context,
    {
      step,
      item: 'disk',
      bytes: () => TE.right(bytes),
      size: null,
      digests: [],
      resumable: false,
      check: checkDiskBytes(context, plan.format.from),
      site: TRANSFER_SITE,
    },
    selectAlgorithms([], await targetDigests(context)),
  )
  return E.map((done: Ready): StagedImage => ({ path: spool.readyPath(run, 'disk'), ready: done, inPlace: false }))(
    ready,
  )
}

const convert = async (context: RunContext, from: StagedImage): Promise<E.Either<ImageError, StagedImage>> => {
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
    const algorithms = selectAlgorithms([], await targetDigests(context))
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

const stageItem = async (context: RunContext, item: SpoolItem): Promise<E.Either<ImageError, StagedImage>> => {
  const items = listItems(context.plan)
  const found = await findStaged(context, item)
  if (found !== null) return E.right(found)
  if (item === 'source') return fetchSource(context)
  const before = items[items.indexOf(item) - 1] ?? 'source'
  const from = await stageItem(context, before)
  if (E.isLeft(from)) return from
  const made = await (item === 'disk' ? unpack(context, from.right) : convert(context, from.right))
  if (E.isRight(made) && from.right.inPlace) {
    // Other programs may change a file in place: the result is valid only if the file is still the same.
    const same = await checkUnchanged(context, false)
    if (E.isLeft(same)) {
      await context.journal.note({ entry: 'discarded', item })
      await context.spool.discard(context.run, item)
      return same
    }
  }
  // Its input is no longer needed.
  if (E.isRight(made) && !from.right.inPlace) await context.spool.discard(context.run, before)
  return made
}

/** Fetches, unpacks and converts the source as planned. Continues with what is already staged. */
export const fetchImage = async (context: RunContext): Promise<E.Either<ImageError, StagedImage>> =>
  E.mapLeft(markWrongSource)(await stageItem(context, listItems(context.plan).at(-1) ?? 'source'))

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
  const algorithms = selectAlgorithms([], await targetDigests(context))
  const opened = await fileBytes(staged.path, size, TRANSFER_SITE).open(undefined, signal)()
  if (E.isLeft(opened)) return opened
  try {
    const { digests } = await measure(opened.right, createMeter(algorithms, size, tools))
    return E.right({ ...staged, ready: { ...staged.ready, digests } })
  } catch (thrown) {
    return E.left(toRunError(TRANSFER_SITE, thrown))
  }
}
