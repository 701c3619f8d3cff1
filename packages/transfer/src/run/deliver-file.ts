import { createReadStream, createWriteStream } from 'node:fs'
import { chmod, link, open, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { conflict, type ImageError, type VerificationLevel } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { syncDirectory } from '../journal/journal.ts'
import { beginStep, MOVE_SITE, type RunContext } from './context.ts'
import { digestOf, failureOf, fileBytes } from './file-bytes.ts'
import { satisfies } from './levels.ts'
import { bestAlgorithm } from './meter.ts'
import type { Cargo } from './obtain.ts'
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
const isSame = async (path: string, size: number, { ready }: Cargo): Promise<boolean> => {
  if (size !== ready.size) return false
  const algorithm = bestAlgorithm(Object.keys(ready.digests))
  const opened = await fileBytes(path, size, MOVE_SITE).open()()
  return E.isRight(opened) && (await digestOf(opened.right, algorithm)).digest === ready.digests[algorithm]
}

/** A second name for the file: at once, whole, and never over another file. False: these two places cannot share a file. */
const linked = async (from: string, to: string): Promise<boolean> => {
  try {
    await link(from, to)
    return true
  } catch (thrown) {
    if (['EXDEV', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK'].includes((thrown as NodeJS.ErrnoException).code ?? '')) return false
    throw thrown
  }
}

const copied = async (from: string, run: string, to: string): Promise<void> => {
  const part = `${to}.${run}.part`
  try {
    await pipeline(createReadStream(from, { highWaterMark: 2 ** 20 }), createWriteStream(part, { mode: 0o600 }))
    const handle = await open(part, 'r')
    await handle.sync()
    await handle.close()
    await link(part, to)
  } finally {
    await rm(part, { force: true })
  }
}

const inTheWay = (path: string): ImageError => conflict(MOVE_SITE, { what: `there is a file ${path} already`, hint: 'Give another name, or move it away' })

const store = async (context: RunContext, cargo: Cargo, path: string): Promise<E.Either<ImageError, StoredFile>> => {
  const { journal, plan, options, run } = context
  const wasSending = journal.state().sending
  const before = await sizeAt(path)
  if (before !== null) return (await isSame(path, before, cargo)) ? E.right({ level: 'digest-match', adopted: !wasSending }) : E.left(inTheWay(path))
  await beginStep(context, 'store', 0, cargo.ready.size)
  if (!wasSending) await journal.note({ entry: 'sending', id: null })
  try {
    if (cargo.inPlace || !(await linked(cargo.path, path))) await copied(cargo.path, run, path)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') return E.left(inTheWay(path))
    throw thrown
  }
  await chmod(path, 0o666 & ~process.umask())
  await syncDirectory(dirname(path))
  const known: VerificationLevel = cargo.ready.declared ? 'digest-declared' : 'size-match'
  if (satisfies(known, acceptedLevel(plan, options.accept))) return E.right({ level: known, adopted: false })
  const back = await readBack(context, MOVE_SITE, fileBytes(path, cargo.ready.size, MOVE_SITE), cargo)
  if (E.isRight(back)) return E.right({ level: 'digest-match', adopted: false })
  if (options.keepFailed !== true && back.left._tag === 'IntegrityFailed') await rm(path, { force: true })
  return back
}

/** Why a file could never be stored at `path`, as far as can be seen before its bytes are here; `null`: nothing is in the way. `size`: what it will have, where that is known. */
export const obstacleAt = async (path: string, size: number | null): Promise<ImageError | null> => {
  try {
    await stat(dirname(path))
    const there = await sizeAt(path)
    return there !== null && size !== null && there !== size ? inTheWay(path) : null
  } catch (thrown) {
    return failureOf(MOVE_SITE, thrown)
  }
}

/** Gives the bytes their place as a file: whole, or not at all. A file that is there stays, unless it is the same. */
export const deliverFile = async (context: RunContext, cargo: Cargo, path: string): Promise<E.Either<ImageError, StoredFile>> => {
  try {
    return await store(context, cargo, path)
  } catch (thrown) {
    return E.left(failureOf(MOVE_SITE, thrown))
  }
}
