import { createReadStream } from 'node:fs'
import { chmod, link, open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { conflict, type ImageError, type VerificationLevel } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { createSparseAppender } from '../bytes/sparse-appender.ts'
import { toFullTargetError } from '../state/disk-error.ts'
import { syncDirectory } from '../state/sync-directory.ts'
import { beginStep, TRANSFER_SITE, type RunContext } from './context.ts'
import { computeDigest, toRunError, fileBytes } from './file-bytes.ts'
import { satisfies } from './levels.ts'
import { selectAlgorithm } from './meter.ts'
import type { StagedImage } from './staged-image.ts'
import { acceptedLevel, readBack } from './verify.ts'

/** A complete file. */
export interface StoredFile {
  readonly level: VerificationLevel
  /** It already existed. */
  readonly adopted: boolean
}

const findSize = (path: string): Promise<number | null> =>
  stat(path).then(
    ({ size }) => size,
    (thrown: NodeJS.ErrnoException) => {
      if (thrown.code === 'ENOENT') return null
      throw thrown
    },
  )

/** Whether the file at `path` has the staged bytes. */
const isSame = async (path: string, size: number, { ready }: StagedImage): Promise<boolean> => {
  if (size !== ready.size) return false
  const algorithm = selectAlgorithm(Object.keys(ready.digests))
  const opened = await fileBytes(path, size, TRANSFER_SITE).open()()
  return E.isRight(opened) && (await computeDigest(opened.right, algorithm)).digest === ready.digests[algorithm]
}

/** Runs `work`; false: the file system does not support it. */
const tryWork = async (work: Promise<void>, unsupportedCodes: readonly string[]): Promise<boolean> => {
  try {
    await work
    return true
  } catch (thrown) {
    if (unsupportedCodes.includes((thrown as NodeJS.ErrnoException).code ?? '')) return false
    throw thrown
  }
}

/** Creates a hard link, which is atomic and never overwrites. False: not supported between these paths. */
const tryLink = (from: string, to: string): Promise<boolean> =>
  tryWork(link(from, to), ['EXDEV', 'EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK'])

/** Whether an interrupted `moveInto` left an empty file at the path. */
const isPlaceholder = (size: number | null, { ready }: StagedImage, wasSending: boolean): boolean =>
  wasSending && size === 0 && ready.size > 0

/**
 * Moves the part to its path without overwriting a file. On file systems without hard links (FAT, exFAT, some network file systems), an empty file
 * reserves the path first.
 */
const moveInto = async (part: string, to: string): Promise<void> => {
  if (await tryLink(part, to)) return
  const taken = await open(to, 'wx')
  await taken.close()
  try {
    await rename(part, to)
  } catch (thrown) {
    await rm(to, { force: true })
    throw thrown
  }
}

const copyBytes = async (part: string, from: string): Promise<void> => {
  const handle = await open(part, 'wx', 0o600)
  try {
    const { write, flush } = createSparseAppender(handle, 0)
    for await (const chunk of createReadStream(from, { highWaterMark: 2 ** 20 })) await write(chunk as Uint8Array)
    await flush()
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const copyFile = async (from: string, run: string, to: string): Promise<void> => {
  const part = `${to}.${run}.part`
  // A killed process may have left it, or it may be a link of somebody else.
  await rm(part, { force: true })
  try {
    await copyBytes(part, from)
    await moveInto(part, to)
  } finally {
    await rm(part, { force: true })
  }
}

/** The error for an existing file, which is never overwritten. */
export const targetExists = (path: string): ImageError =>
  conflict(TRANSFER_SITE, { what: `file already exists: ${path}`, hint: 'Choose another path, or move the file' })

const store = async (
  context: RunContext,
  staged: StagedImage,
  path: string,
): Promise<E.Either<ImageError, StoredFile>> => {
  const { journal, plan, options, run } = context
  const wasSending = journal.state().sending
  const there = await findSize(path)
  const isTaken = isPlaceholder(there, staged, wasSending)
  if (isTaken) {
    await journal.confirm()
    await rm(path)
  }
  const before = isTaken ? null : there
  if (before !== null)
    return (await isSame(path, before, staged))
      ? E.right({ level: 'digest-match', adopted: !wasSending })
      : E.left(targetExists(path))
  await beginStep(context, 'store', 0, staged.ready.size)
  if (!wasSending) await journal.note({ entry: 'sending', id: null })
  try {
    if (staged.inPlace || !(await tryLink(staged.path, path))) await copyFile(staged.path, run, path)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') return E.left(targetExists(path))
    const full = toFullTargetError(TRANSFER_SITE, thrown, path, !staged.inPlace)
    if (full !== null) return E.left(full)
    throw thrown
  }
  // FAT does not support it.
  await tryWork(chmod(path, 0o666 & ~process.umask()), ['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'])
  await syncDirectory(dirname(path))
  // Other programs may have changed a file in place while it was copied.
  const known: VerificationLevel = staged.ready.declared && !staged.inPlace ? 'digest-declared' : 'size-match'
  if (satisfies(known, acceptedLevel(plan, options.accept))) return E.right({ level: known, adopted: false })
  const back = await readBack(context, TRANSFER_SITE, fileBytes(path, staged.ready.size, TRANSFER_SITE), staged)
  if (E.isRight(back)) return E.right({ level: 'digest-match', adopted: false })
  if (options.keepFailed !== true && back.left._tag === 'IntegrityFailed') {
    await journal.confirm()
    await rm(path, { force: true })
  }
  return back
}

/** Why a file cannot be stored at `path`, as far as is known before the bytes are staged; `null`: it can. `size`: its size; `null`: unknown. */
export const findObstacle = async (
  { journal }: RunContext,
  path: string,
  size: number | null,
): Promise<ImageError | null> => {
  try {
    await stat(dirname(path))
    const there = await findSize(path)
    const isOwn = there === 0 && journal.state().sending
    return there !== null && size !== null && there !== size && !isOwn ? targetExists(path) : null
  } catch (thrown) {
    return toRunError(TRANSFER_SITE, thrown)
  }
}

/** Stores the bytes as a file, atomically. An existing file is never overwritten; one with the same bytes is adopted. */
export const writeTargetFile = async (
  context: RunContext,
  staged: StagedImage,
  path: string,
): Promise<E.Either<ImageError, StoredFile>> => {
  try {
    return await store(context, staged, path)
  } catch (thrown) {
    return E.left(toRunError(TRANSFER_SITE, thrown))
  }
}
