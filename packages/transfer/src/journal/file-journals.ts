import { readdir, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeFailed, notFound, type ImageError } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import type { Plan } from '../plan/plan.ts'
import { JOURNAL_VERSION, type Entry, type Line } from './entry.ts'
import {
  createFencedError,
  isRunId,
  JOURNAL_SITE,
  type JournalStore,
  type RunLease,
  type StoredRun,
  type TakeOptions,
  type VisitRun,
} from './journal-store.ts'
import { formatLine, nextEpoch, parseJournal } from './lines.ts'
import { findLockHolder, takeLock, type Lock } from './lock.ts'
import { REAL_PROCESSES, type Processes } from './process-identity.ts'
import { toDiskError } from '../state/disk-error.ts'
import { currentUser, type LocalUser } from '../state/local-user.ts'
import { findDirectory, openOwn, privateDirectory, type DirectoryOptions } from '../state/private-directory.ts'
import { syncDirectory } from '../state/sync-directory.ts'

/** Journals as files of a directory: `RUN.ndjson`, and `RUN.lock` while a process has it. */
export interface FileJournalsOptions {
  /** Created, for its owner only, if it does not exist. Refused if others may write to it. */
  readonly dir: string
  readonly processes?: Processes | undefined
  /** Default: the user of this process. */
  readonly user?: LocalUser | undefined
}

const FILE = /^(.+)\.ndjson$/

export const journalPath = (dir: string, run: string): string => join(dir, `${run}.ndjson`)
export const lockPath = (dir: string, run: string): string => join(dir, `${run}.lock`)

/** The journal of a run of a terabyte has some megabytes. */
const MAX_JOURNAL_BYTES = 256 * 2 ** 20

const readAll = async (handle: FileHandle): Promise<E.Either<string, Buffer>> => {
  const { size } = await handle.stat()
  return size > MAX_JOURNAL_BYTES
    ? E.left(`it has ${size} bytes, more than a run writes`)
    : E.right(await handle.readFile())
}

const createUnreadable = (what: string): ImageError => decodeFailed(JOURNAL_SITE, { what, issues: [] })

const createNotFound = (run: string): ImageError =>
  notFound(JOURNAL_SITE, { what: `run not found: ${run}`, hint: 'List the runs' })

/** Errors of the file system as values; other exceptions are thrown again. */
const withDiskErrors = async <A>(work: () => Promise<E.Either<ImageError, A>>): Promise<E.Either<ImageError, A>> => {
  try {
    return await work()
  } catch (thrown) {
    const error = toDiskError(JOURNAL_SITE, thrown)
    if (error === null) throw thrown
    return E.left(error)
  }
}

/** A file of journal lines that is written at its end. `at`: the number of bytes in complete lines. */
interface JournalFile {
  readonly handle: FileHandle
  readonly lock: Lock
  readonly run: string
  readonly epoch: number
  readonly now: () => string
  readonly at: number
}

const createAppend = ({
  handle,
  lock,
  run,
  epoch,
  now,
  at: start,
}: JournalFile): Omit<RunLease, 'lines' | 'release'> => {
  let at = start
  /** The most bytes of a line that was written only in part. */
  let torn = 0
  const confirm = async (): Promise<E.Either<ImageError, void>> => {
    // A longer file has lines of another process: its user deleted the lock of this one, which they took for dead.
    const { size } = await handle.stat()
    return (await lock.isHeld()) && size >= at && size <= at + torn
      ? E.right(undefined)
      : E.left(createFencedError(run, epoch))
  }
  return {
    epoch,
    confirm: () => withDiskErrors(confirm),
    append: (entry: Entry) =>
      withDiskErrors(async () => {
        const own = await confirm()
        if (E.isLeft(own)) return own
        const line: Line = { v: JOURNAL_VERSION, at: now(), epoch, ...entry }
        const bytes = Buffer.from(formatLine(line))
        // A line that was written only in part is removed before the next one.
        if (torn > 0) await handle.truncate(at)
        torn = bytes.length
        for (let from = 0; from < bytes.length;)
          from += (await handle.write(bytes, from, bytes.length - from, at + from)).bytesWritten
        await handle.datasync()
        torn = 0
        at += bytes.length
        return E.right(line)
      }),
  }
}

/** Creates a store of journals in a directory of this machine. A lock file names the process that has a run; if that process no longer exists, another may take it. */
export const createFileJournals = ({
  dir: given,
  processes = REAL_PROCESSES,
  user = currentUser(),
}: FileJournalsOptions): JournalStore => {
  const directoryOptions: DirectoryOptions = { site: JOURNAL_SITE, user, what: 'journals' }

  const openFile = async (path: string): Promise<FileHandle> => {
    try {
      return await openOwn(path, 'write', JOURNAL_SITE, user)
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown
      return openOwn(path, 'new', JOURNAL_SITE, user)
    }
  }

  /** Takes the run in an open and locked file. */
  const takeFile = async (
    file: Omit<JournalFile, 'epoch' | 'at'>,
    which: Plan | string,
    dir: string,
  ): Promise<E.Either<ImageError, Omit<RunLease, 'release'>>> => {
    const { handle, run } = file
    const bytes = await readAll(handle)
    const read = E.isLeft(bytes) ? bytes : parseJournal(run, bytes.right)
    if (E.isLeft(read))
      return E.left(
        decodeFailed(JOURNAL_SITE, {
          what: `cannot resume from the journal ${journalPath(dir, run)}: ${read.left}`,
          hint: 'Discard the run, then create a new plan',
          remedy: 'discard-run',
          issues: [],
        }),
      )
    const { lines, whole } = read.right
    const isNew = lines.length === 0
    if (isNew && typeof which === 'string')
      return E.left(notFound(JOURNAL_SITE, { what: `run ${run} has not started`, hint: 'List the runs' }))
    await handle.truncate(whole)
    const lease = createAppend({ ...file, epoch: nextEpoch(lines), at: whole })
    const taken = await lease.append(isNew ? { entry: 'started', plan: which as Plan } : { entry: 'taken' })
    if (E.isLeft(taken)) return taken
    if (isNew) await syncDirectory(dir)
    return E.right({ ...lease, lines: [...lines, taken.right] })
  }

  const take = async (which: Plan | string, { now }: TakeOptions): Promise<E.Either<ImageError, RunLease>> => {
    const run = typeof which === 'string' ? which : which.id
    if (!isRunId(run))
      return E.left(notFound(JOURNAL_SITE, { what: `not the ID of a run: ${run}`, hint: 'List the runs' }))
    const directory = await privateDirectory(given, directoryOptions)
    if (E.isLeft(directory)) return directory
    const dir = directory.right
    const lock = await takeLock(lockPath(dir, run), JOURNAL_SITE, `run ${run}`, processes)
    if (E.isLeft(lock)) return lock
    let handle: FileHandle | null = null
    const release = async (): Promise<void> => {
      try {
        await handle?.close()
      } finally {
        await lock.right.release()
      }
    }
    try {
      handle = await openFile(journalPath(dir, run))
      const lease = await takeFile({ handle, lock: lock.right, run, now }, which, dir)
      if (E.isLeft(lease)) await release()
      return E.map((one: Omit<RunLease, 'release'>): RunLease => ({ ...one, release }))(lease)
    } catch (thrown) {
      await release().catch(() => undefined)
      throw thrown
    }
  }

  const read = async (run: string): Promise<E.Either<ImageError, StoredRun>> => {
    if (!isRunId(run)) return E.left(createNotFound(run))
    const path = journalPath(given, run)
    let handle: FileHandle | null = null
    try {
      handle = await openOwn(path, 'read', JOURNAL_SITE, user)
      const bytes = await readAll(handle)
      const parsed = E.isLeft(bytes) ? bytes : parseJournal(run, bytes.right)
      if (E.isLeft(parsed)) return E.left(createUnreadable(`${path}: ${parsed.left}`))
      const { lines } = parsed.right
      if (lines.length === 0) return E.left(createUnreadable('the run has not started'))
      return E.right({ lines, isHeld: (await findLockHolder(lockPath(given, run), processes)) !== null })
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return E.left(createNotFound(run))
      throw thrown
    } finally {
      await handle?.close()
    }
  }

  const list = async (): Promise<E.Either<ImageError, readonly string[]>> => {
    const checked = await findDirectory(given, directoryOptions)
    if (E.isLeft(checked)) return checked
    const files = checked.right.missing.length > 0 ? [] : await readdir(given)
    return E.right(
      files
        .flatMap((file) => FILE.exec(file)?.[1] ?? [])
        .filter(isRunId)
        .sort(),
    )
  }

  const readEach = async (visit: VisitRun): Promise<E.Either<ImageError, void>> => {
    const runs = await list()
    if (E.isLeft(runs)) return runs
    for (const run of runs.right) {
      const stored = await withDiskErrors(() => read(run))
      if (E.isRight(stored) || stored.left._tag !== 'NotFound') visit(run, stored)
    }
    return E.right(undefined)
  }

  const remove = async (
    run: string,
    before: () => Promise<void> = () => Promise.resolve(),
  ): Promise<E.Either<ImageError, void>> => {
    const runs = await list()
    if (E.isLeft(runs)) return runs
    if (!runs.right.includes(run)) return E.left(createNotFound(run))
    const lock = await takeLock(lockPath(given, run), JOURNAL_SITE, `run ${run}`, processes)
    if (E.isLeft(lock)) return lock
    try {
      await before()
      await rm(journalPath(given, run), { force: true })
      await syncDirectory(given)
    } finally {
      await lock.right.release()
    }
    return E.right(undefined)
  }

  return {
    take: (which, options) => withDiskErrors(() => take(which, options)),
    read: (run) => withDiskErrors(() => read(run)),
    readEach: (visit) => withDiskErrors(() => readEach(visit)),
    list: () => withDiskErrors(list),
    delete: (run, before) => withDiskErrors(() => remove(run, before)),
    describe: (run) => journalPath(given, run),
  }
}

/** The store of journals that options name: itself, or a directory. */
export const toJournalStore = (journals: JournalStore | string): JournalStore =>
  typeof journals === 'string' ? createFileJournals({ dir: journals }) : journals
