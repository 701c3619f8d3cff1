import { createReadStream } from 'node:fs'
import { chmod, link, open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { conflict, type ImageError, type VerificationLevel } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { createSparseAppender } from '../bytes/sparse-appender.ts'
import { syncDirectory } from '../state/sync-directory.ts'
import { beginStep, TRANSFER_SITE, type RunContext } from './context.ts'
import { computeDigest, toRunError, fileBytes } from './file-bytes.ts'
import { satisfies } from './levels.ts'
import { selectAlgorithm } from './meter.ts'
import type { StagedImage } from './fetch-image.ts'
import { acceptedLevel, readBack } from './verify.ts'

/** A file that is whole. */
export interface StoredFile {
  readonly level: VerificationLevel
  /** It was there already. */
  readonly adopted: boolean
}

const sizeAt = (path: string): Promise<number | null> =>
  stat(path).then(
    ({ size }) => size,
    (thrown: NodeJS.ErrnoException) => {
      if (thrown.code === 'ENOENT') return null
      throw thrown
    },
  )

/** Whether the file at `path` is what is to be stored. */
const isSame = async (path: string, size: number, { ready }: StagedImage): Promise<boolean> => {
  if (size !== ready.size) return false
  const algorithm = selectAlgorithm(Object.keys(ready.digests))
  const opened = await fileBytes(path, size, TRANSFER_SITE).open()()
  return E.isRight(opened) && (await computeDigest(opened.right, algorithm)).digest === ready.digests[algorithm]
}

/** False: `work` cannot be done on this file system. */
const couldBe = async (work: Promise<void>, impossible: readonly string[]): Promise<boolean> => {
  try {
    await work
    return true
  } catch (thrown) {
    if (impossible.includes((thrown as NodeJS.ErrnoException).code ?? '')) return false
    throw thrown
  }
}

/** A second name for the file: at once, whole, and never over another file. False: these two places cannot share a file. */
const linked = (from: string, to: string): Promise<boolean> =>
  couldBe(link(from, to), ['EXDEV', 'EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK'])

/** Whether the name was taken for a file that never came: see `named`. */
const isTakenName = (size: number | null, { ready }: StagedImage, wasSending: boolean): boolean =>
  wasSending && size === 0 && ready.size > 0

/**
 * Gives the part its name, never over another file. A file system whose files have one name only (FAT, exFAT, some over a network) can do so in two
 * steps: an empty file takes the name, and the part its place.
 */
const named = async (part: string, to: string): Promise<void> => {
  if (await linked(part, to)) return
  const taken = await open(to, 'wx')
  await taken.close()
  try {
    await rename(part, to)
  } catch (thrown) {
    await rm(to, { force: true })
    throw thrown
  }
}

const copiedInto = async (part: string, from: string): Promise<void> => {
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

const copied = async (from: string, run: string, to: string): Promise<void> => {
  const part = `${to}.${run}.part`
  // What a killed process left there; or what others did, which must not be written through.
  await rm(part, { force: true })
  try {
    await copiedInto(part, from)
    await named(part, to)
  } finally {
    await rm(part, { force: true })
  }
}

/** Nothing is ever written over. */
export const targetExists = (path: string): ImageError =>
  conflict(TRANSFER_SITE, { what: `there is a file ${path} already`, hint: 'Give another name, or move it away' })

const store = async (
  context: RunContext,
  cargo: StagedImage,
  path: string,
): Promise<E.Either<ImageError, StoredFile>> => {
  const { journal, plan, options, run } = context
  const wasSending = journal.state().sending
  const there = await sizeAt(path)
  const isTaken = isTakenName(there, cargo, wasSending)
  if (isTaken) await rm(path)
  const before = isTaken ? null : there
  if (before !== null)
    return (await isSame(path, before, cargo))
      ? E.right({ level: 'digest-match', adopted: !wasSending })
      : E.left(targetExists(path))
  await beginStep(context, 'store', 0, cargo.ready.size)
  if (!wasSending) await journal.note({ entry: 'sending', id: null })
  try {
    if (cargo.inPlace || !(await linked(cargo.path, path))) await copied(cargo.path, run, path)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') return E.left(targetExists(path))
    throw thrown
  }
  // On FAT, all files have the same.
  await couldBe(chmod(path, 0o666 & ~process.umask()), ['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'])
  await syncDirectory(dirname(path))
  // A file that others may write to may have been another while it was copied.
  const known: VerificationLevel = cargo.ready.declared && !cargo.inPlace ? 'digest-declared' : 'size-match'
  if (satisfies(known, acceptedLevel(plan, options.accept))) return E.right({ level: known, adopted: false })
  const back = await readBack(context, TRANSFER_SITE, fileBytes(path, cargo.ready.size, TRANSFER_SITE), cargo)
  if (E.isRight(back)) return E.right({ level: 'digest-match', adopted: false })
  if (options.keepFailed !== true && back.left._tag === 'IntegrityFailed') await rm(path, { force: true })
  return back
}

/** Why a file could never be stored at `path`, as far as can be seen before its bytes are here; `null`: nothing is in the way. `size`: what it will have, where that is known. */
export const findObstacle = async (
  { journal }: RunContext,
  path: string,
  size: number | null,
): Promise<ImageError | null> => {
  try {
    await stat(dirname(path))
    const there = await sizeAt(path)
    const isOwn = there === 0 && journal.state().sending
    return there !== null && size !== null && there !== size && !isOwn ? targetExists(path) : null
  } catch (thrown) {
    return toRunError(TRANSFER_SITE, thrown)
  }
}

/** Gives the bytes their place as a file: whole, or not at all. A file that is there stays, unless it is the same. */
export const writeTargetFile = async (
  context: RunContext,
  cargo: StagedImage,
  path: string,
): Promise<E.Either<ImageError, StoredFile>> => {
  try {
    return await store(context, cargo, path)
  } catch (thrown) {
    return E.left(toRunError(TRANSFER_SITE, thrown))
  }
}
